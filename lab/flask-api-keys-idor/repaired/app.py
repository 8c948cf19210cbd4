"""Tillbook: invoices, payouts and contracts of merchants, for their programs.

Flask, SQLAlchemy 2 and API keys. One of two twins that differ only in what a key is asked before it opens something; the README
beside them tells the story. For learning and testing on one's own machine.
"""

import hashlib
import hmac
import os
import secrets
import tempfile
from functools import wraps
from pathlib import Path

from flask import Flask, abort, g, jsonify, request, send_file
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship
from waitress import create_server
from werkzeug.exceptions import HTTPException


def database_url():
    url = os.environ.get('DATABASE_URL')
    if url is None:
        return f'sqlite:///{tempfile.mkdtemp()}/tillbook.db'
    return url.replace('postgresql://', 'postgresql+psycopg://', 1)


app = Flask(__name__)
app.config.update(SQLALCHEMY_DATABASE_URI=database_url(), KEY_PEPPER=os.environ.get('KEY_PEPPER') or secrets.token_hex(32))
db = SQLAlchemy(app)


# Tables


class Merchant(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    vat_number: Mapped[str]
    city: Mapped[str]


class ApiKey(db.Model):
    """Only a keyed hash of the key is stored; its first part finds the row."""

    prefix: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    scopes: Mapped[str]
    merchant_id: Mapped[int] = mapped_column(ForeignKey(Merchant.id))
    merchant: Mapped[Merchant] = relationship()


class Invoice(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str]
    memo: Mapped[str | None]
    amount_cents: Mapped[int]
    merchant_id: Mapped[int] = mapped_column(ForeignKey(Merchant.id))


class Payout(db.Model):
    reference: Mapped[str] = mapped_column(primary_key=True)
    bank: Mapped[str]
    amount_cents: Mapped[int]
    merchant_id: Mapped[int] = mapped_column(ForeignKey(Merchant.id))


class StatementLine(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    amount_cents: Mapped[int]
    merchant_id: Mapped[int] = mapped_column(ForeignKey(Merchant.id))


class Contract(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    buyer_id: Mapped[int] = mapped_column(ForeignKey(Merchant.id))
    seller_id: Mapped[int] = mapped_column(ForeignKey(Merchant.id))


class Webhook(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    event: Mapped[str]
    merchant_id: Mapped[int] = mapped_column(ForeignKey(Merchant.id))


class PaymentLink(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(default=lambda: secrets.token_urlsafe(9))
    purpose: Mapped[str]
    amount_cents: Mapped[int]
    merchant_id: Mapped[int] = mapped_column(ForeignKey(Merchant.id))
    merchant: Mapped[Merchant] = relationship()


class Story(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    headline: Mapped[str]
    text: Mapped[str]
    contact_email: Mapped[str | None]
    merchant_id: Mapped[int] = mapped_column(ForeignKey(Merchant.id))


class Plan(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    monthly_cents: Mapped[int]


def view(row, *names):
    return {name: getattr(row, name) for name in names}


def invoice_view(invoice):
    return view(invoice, 'id', 'customer', 'memo', 'amount_cents')


def contract_view(contract):
    return view(contract, 'id', 'subject', 'buyer_id', 'seller_id')


def webhook_view(webhook):
    return view(webhook, 'id', 'url', 'event')


def story_view(story):
    return view(story, 'id', 'headline', 'text', 'contact_email')


def body(required, optional=()):
    """The named fields of the request, or 422 with the first that is missing or of the wrong kind."""
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        abort(422, 'a JSON object is expected')
    for name in required:
        if name not in data:
            abort(422, f'{name} is required')
    given = {name: data[name] for name in (*required, *optional) if name in data}
    for name, value in given.items():
        expected = int if name.endswith('_cents') else str
        if not isinstance(value, expected) or isinstance(value, bool):
            abort(422, f'{name} must be {"a number" if expected is int else "text"}')
    return given


# Keys


def digest_of(key):
    return hmac.new(app.config['KEY_PEPPER'].encode(), key.encode(), hashlib.sha256).hexdigest()


def key_of_request():
    given = request.headers.get('X-API-Key')
    if not given:
        abort(401, 'API key missing')
    known = db.session.get(ApiKey, given.rpartition('_')[0])
    if known is None or not hmac.compare_digest(known.digest, digest_of(given)):
        abort(401, 'API key unknown')
    return known


def with_key(*scopes):
    """The view runs with the key in `g.key`."""

    def decorate(handler):
        @wraps(handler)
        def guarded(**values):
            g.key = key_of_request()
            # remedy: scope-not-checked: Compare the scopes of the key with those of the view
            # A key that was issued for reading must not write, whichever merchant it belongs to. Every view names the scopes it
            # needs beside its route, and they are compared with those that are stored with the key.
            missing = set(scopes) - set(g.key.scopes.split())
            if missing:
                abort(403, f'this key lacks the scope {min(missing)}')
            # end remedy
            return handler(**values)

        return guarded

    return decorate


@app.errorhandler(HTTPException)
def refuse(error):
    return jsonify(error=error.description), error.code


@app.get('/openapi.yaml')
def description():
    return send_file(Path(__file__).parent.parent / 'openapi.yaml', mimetype='application/yaml')


@app.get('/v1/whoami')
@with_key()
def whoami():
    merchant = view(g.key.merchant, 'id', 'name', 'vat_number', 'city')
    return jsonify(merchant=merchant, key={'prefix': g.key.prefix, 'scopes': g.key.scopes.split()})


@app.get('/v1/merchants/<int:merchant_id>')
@with_key()
def read_merchant(merchant_id):
    # remedy: object-existence-revealed: Compare the id with the key before anything is looked up
    # The key already says which merchant is calling, so the id is compared with it before anything is looked up. Every other id
    # is refused in the same words, and nobody learns which ones are taken.
    if merchant_id != g.key.merchant_id:
        abort(403, 'forbidden')
    merchant = g.key.merchant
    # end remedy
    return jsonify(merchant=view(merchant, 'id', 'name', 'vat_number', 'city'))


# Invoices


@app.get('/v1/invoices')
@with_key('invoices:read')
def list_invoices():
    invoices = db.session.scalars(select(Invoice).where(Invoice.merchant_id == g.key.merchant_id).order_by(Invoice.id)).all()
    return jsonify(invoices=[invoice_view(invoice) for invoice in invoices], count=len(invoices))


@app.post('/v1/invoices')
@with_key('invoices:write')
def create_invoice():
    invoice = Invoice(**body(('customer', 'amount_cents'), ('memo',)), merchant_id=g.key.merchant_id)
    db.session.add(invoice)
    db.session.commit()
    return jsonify(invoice=invoice_view(invoice)), 201


@app.get('/v1/invoices/<int:invoice_id>')
# remedy: any-credential-accepted, foreign-object-read: Look the key up, and the invoice with its merchant
# That a key is there proves nothing: it has to be one that was issued, compared by its keyed hash in the one place that all views
# share. A genuine key then opens the invoices of its merchant and no others, because the merchant goes into the query with the id.
@with_key('invoices:read')
def read_invoice(invoice_id):
    invoice = db.session.scalar(select(Invoice).where(Invoice.id == invoice_id, Invoice.merchant_id == g.key.merchant_id))
    # end remedy
    if invoice is None:
        abort(404, 'not found')
    return jsonify(invoice=invoice_view(invoice))


@app.patch('/v1/invoices/<int:invoice_id>')
@with_key('invoices:write')
def change_invoice(invoice_id):
    # remedy: foreign-object-change: Change by id and merchant together
    # Changing is bound to the merchant of the key by the same query as reading. Comparing after the row was loaded would be
    # forgotten in the next view, and would answer differently for invoices that exist.
    invoice = db.session.scalar(select(Invoice).where(Invoice.id == invoice_id, Invoice.merchant_id == g.key.merchant_id))
    # end remedy
    if invoice is None:
        abort(404, 'not found')
    for name, value in body((), ('customer', 'memo', 'amount_cents')).items():
        setattr(invoice, name, value)
    db.session.commit()
    return jsonify(invoice=invoice_view(invoice))


@app.delete('/v1/invoices/<int:invoice_id>')
@with_key('invoices:write')
def void_invoice(invoice_id):
    invoice = db.session.scalar(select(Invoice).where(Invoice.id == invoice_id, Invoice.merchant_id == g.key.merchant_id))
    if invoice is None:
        abort(404, 'not found')
    db.session.delete(invoice)
    db.session.commit()
    return '', 204


# Payouts and statements


@app.get('/v1/payouts')
@with_key('payouts:read')
def list_payouts():
    payouts = db.session.scalars(select(Payout).where(Payout.merchant_id == g.key.merchant_id).order_by(Payout.reference))
    return jsonify(payouts=[view(payout, 'reference', 'bank', 'amount_cents') for payout in payouts])


@app.get('/v1/payouts/<reference>')
@with_key('payouts:read')
def read_payout(reference):
    # remedy: object-existence-revealed: Ask for reference and merchant in one query
    # Two refusals in different words tell which references are in use, even with one status. One query for reference and merchant
    # has only one way to find nothing.
    payout = db.session.scalar(select(Payout).where(Payout.reference == reference, Payout.merchant_id == g.key.merchant_id))
    if payout is None:
        abort(404, 'no such payout')
    # end remedy
    return jsonify(payout=view(payout, 'reference', 'bank', 'amount_cents'))


@app.get('/v1/statements')
@with_key('payouts:read')
def list_statement():
    merchant_id = request.args.get('merchant_id', g.key.merchant_id, type=int)
    # remedy: foreign-collection-read: Refuse a merchant other than that of the key
    # The merchant is a property of the key, and a parameter can only repeat it. Any other value is refused before the query runs,
    # whether such a merchant exists or not.
    if merchant_id != g.key.merchant_id:
        abort(403, 'forbidden')
    # end remedy
    lines = db.session.scalars(select(StatementLine).where(StatementLine.merchant_id == merchant_id).order_by(StatementLine.id))
    return jsonify(lines=[view(line, 'id', 'text', 'amount_cents') for line in lines])


# Contracts belong to both of their parties


@app.get('/v1/contracts')
@with_key()
def list_contracts():
    mine = (Contract.buyer_id == g.key.merchant_id) | (Contract.seller_id == g.key.merchant_id)
    return jsonify(contracts=[contract_view(contract) for contract in db.session.scalars(select(Contract).where(mine))])


@app.get('/v1/contracts/<int:contract_id>')
@with_key()
def read_contract(contract_id):
    contract = db.session.get(Contract, contract_id)
    if contract is None or g.key.merchant_id not in (contract.buyer_id, contract.seller_id):
        abort(404, 'not found')
    return jsonify(contract=contract_view(contract))


# Webhooks: a change is accepted whatever it names, and reaches one's own alone


@app.get('/v1/webhooks')
@with_key()
def list_webhooks():
    webhooks = db.session.scalars(select(Webhook).where(Webhook.merchant_id == g.key.merchant_id).order_by(Webhook.id))
    return jsonify(webhooks=[webhook_view(webhook) for webhook in webhooks])


@app.post('/v1/webhooks')
@with_key('webhooks:write')
def create_webhook():
    webhook = Webhook(**body(('url', 'event')), merchant_id=g.key.merchant_id)
    db.session.add(webhook)
    db.session.commit()
    return jsonify(webhook=webhook_view(webhook)), 201


def own_webhook(webhook_id):
    webhook = db.session.scalar(select(Webhook).where(Webhook.id == webhook_id, Webhook.merchant_id == g.key.merchant_id))
    if webhook is None:
        abort(404, 'not found')
    return webhook


@app.get('/v1/webhooks/<int:webhook_id>')
@with_key()
def read_webhook(webhook_id):
    return jsonify(webhook=webhook_view(own_webhook(webhook_id)))


@app.put('/v1/webhooks/<int:webhook_id>')
@with_key('webhooks:write')
def change_webhook(webhook_id):
    own = update(Webhook).where(Webhook.id == webhook_id, Webhook.merchant_id == g.key.merchant_id)
    db.session.execute(own.values(**body(('url', 'event'))))
    db.session.commit()
    return jsonify(accepted=True)


@app.delete('/v1/webhooks/<int:webhook_id>')
@with_key('webhooks:write')
def delete_webhook(webhook_id):
    db.session.delete(own_webhook(webhook_id))
    db.session.commit()
    return jsonify(deleted=webhook_id)


# Payment links: whoever has the token may see what is to be paid


@app.get('/v1/payment-links')
@with_key()
def list_payment_links():
    links = db.session.scalars(select(PaymentLink).where(PaymentLink.merchant_id == g.key.merchant_id).order_by(PaymentLink.id))
    return jsonify(payment_links=[view(link, 'id', 'token', 'purpose', 'amount_cents') for link in links])


@app.get('/v1/pay/<token>')
def read_payment_page(token):
    link = db.session.scalar(select(PaymentLink).where(PaymentLink.token == token))
    if link is None:
        abort(404, 'not found')
    return jsonify(page={'token': link.token, 'purpose': link.purpose, 'amount_cents': link.amount_cents, 'to': link.merchant.name})


# For those who run Tillbook


def require_operator():
    if 'operator' not in g.key.scopes.split():
        abort(403, 'this key is not an operator key')


@app.get('/v1/operator/merchants')
@with_key()
def list_merchants():
    require_operator()
    merchants = db.session.scalars(select(Merchant).order_by(Merchant.id))
    return jsonify(merchants=[view(merchant, 'id', 'name', 'vat_number', 'city') for merchant in merchants])


@app.get('/v1/operator/volume')
@with_key()
def report_volume():
    # remedy: privileged-operation-open: Ask for the role of the key in the view
    # A key of a merchant is genuine and still not enough for figures over all merchants. The role of the key is asked for in the
    # view, and a path with "operator" in it is no substitute.
    require_operator()
    # end remedy
    invoices, cents = db.session.execute(select(func.count(Invoice.id), func.coalesce(func.sum(Invoice.amount_cents), 0))).one()
    return jsonify(volume={'invoices': invoices, 'amount_cents': int(cents)})


# Open to everybody


@app.get('/v1/stories')
def list_stories():
    return jsonify(stories=[story_view(story) for story in db.session.scalars(select(Story).order_by(Story.id))])


@app.get('/v1/stories/<int:story_id>')
def read_story(story_id):
    story = db.session.get(Story, story_id)
    if story is None:
        abort(404, 'not found')
    return jsonify(story=story_view(story))


def own_story(story_id):
    story = db.session.get(Story, story_id)
    if story is None:
        abort(404, 'not found')
    if story.merchant_id != g.key.merchant_id:
        abort(403, 'only its author may change a story')
    return story


@app.post('/v1/stories')
@with_key('stories:write')
def create_story():
    story = Story(**body(('headline', 'text'), ('contact_email',)), merchant_id=g.key.merchant_id)
    db.session.add(story)
    db.session.commit()
    return jsonify(story=story_view(story)), 201


@app.put('/v1/stories/<int:story_id>')
@with_key('stories:write')
def change_story(story_id):
    story = own_story(story_id)
    for name, value in body(('headline', 'text'), ('contact_email',)).items():
        setattr(story, name, value)
    db.session.commit()
    return jsonify(story=story_view(story))


@app.delete('/v1/stories/<int:story_id>')
@with_key('stories:write')
def delete_story(story_id):
    db.session.delete(own_story(story_id))
    db.session.commit()
    return '', 204


@app.get('/v1/plans')
def list_plans():
    return jsonify(plans=[view(plan, 'id', 'name', 'monthly_cents') for plan in db.session.scalars(select(Plan).order_by(Plan.id))])


@app.get('/v1/plans/<int:plan_id>')
def read_plan(plan_id):
    plan = db.session.get(Plan, plan_id)
    if plan is None:
        abort(404, 'not found')
    return jsonify(plan=view(plan, 'id', 'name', 'monthly_cents'))


@app.get('/v1/rates/<currency>')
def read_rate(currency):
    rates = {'eur': 1.0, 'dkk': 7.46, 'sek': 11.2}
    if currency.lower() not in rates:
        return jsonify(error='unknown currency', supported=sorted(rates))
    return jsonify(currency=currency.lower(), per_euro=rates[currency.lower()])


@app.get('/v1/ping')
def ping():
    return jsonify(pong=request.args.get('message', ''))


# The fixture


def seed():
    db.drop_all()
    db.create_all()
    nordlicht = Merchant(name='Nordlicht Coffee', vat_number='DE811904477', city='Kiel')
    baker = Merchant(name='Baker & Daughters', vat_number='GB270331852', city='Leeds')
    tillbook = Merchant(name='Tillbook itself', vat_number='NL004495445', city='Utrecht')
    db.session.add_all([nordlicht, baker, tillbook])
    db.session.flush()
    reading = 'invoices:read payouts:read'
    everything = f'{reading} invoices:write webhooks:write stories:write'
    issued = (
        ('till_nordlicht_R7uPq2Vx', everything, nordlicht),
        ('till_nordlicht-report_c3KfZ81m', reading, nordlicht),
        ('till_baker_Hd60wTny', everything, baker),
        ('till_office_Yq94sLbe', f'{everything} operator', tillbook),
    )
    db.session.add_all(
        ApiKey(prefix=key.rpartition('_')[0], digest=digest_of(key), scopes=scopes, merchant_id=merchant.id)
        for key, scopes, merchant in issued
    )
    north, leeds = {'merchant_id': nordlicht.id}, {'merchant_id': baker.id}
    db.session.add_all([
        Invoice(customer='Hotel Seeblick', memo='Espresso, 40 kg', amount_cents=91200, **north),
        Invoice(customer='Canteen of the shipyard', memo='Late payer, remind weekly', amount_cents=23850, **north),
        Invoice(customer='Leeds Infirmary', memo='Bread for the wards', amount_cents=188040, **leeds),
        Invoice(customer='Station kiosk', memo='Rolls, discount of 12 per cent', amount_cents=7425, **leeds),
        Payout(reference='PO-000117', bank='Foerde Sparkasse', amount_cents=86640, **north),
        Payout(reference='PO-000118', bank='Yorkshire Mutual', amount_cents=178638, **leeds),
        StatementLine(text='Fee for card payments, March', amount_cents=-41377, **north),
        StatementLine(text='Loan instalment to the brewery', amount_cents=-120000, **north),
        StatementLine(text='Refund to Leeds Infirmary', amount_cents=-15904, **leeds),
        StatementLine(text='Rent of the second oven', amount_cents=-88000, **leeds),
        Contract(subject='Coffee for the bakery, 2026', buyer_id=baker.id, seller_id=nordlicht.id),
        Webhook(url='https://nordlicht.example/hooks/till', event='invoice.paid', **north),
        Webhook(url='https://baker.example/incoming', event='payout.sent', **leeds),
        PaymentLink(purpose='Tasting in the roastery', amount_cents=2500, **north),
        Story(headline='From stall to roastery', text='It began at the harbour.', contact_email='hello@nordlicht.example', **north),
        Story(headline='Three generations', text='And four ovens.', **leeds),
        *[Plan(name=name, monthly_cents=cents) for name, cents in (('Stall', 0), ('Shop', 1900), ('Chain', 9900))],
    ])
    db.session.commit()


if __name__ == '__main__':
    with app.app_context():
        if os.environ.get('LAB_SEED') == '1':
            seed()
        else:
            db.create_all()
    server = create_server(app, host=os.environ.get('HOST', '127.0.0.1'), port=int(os.environ.get('PORT', '5000')), threads=8)
    print('ready', flush=True)
    server.run()
