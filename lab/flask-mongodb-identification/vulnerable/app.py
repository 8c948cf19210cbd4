"""Loftwood, a tool library: members borrow tools, write guides and talk to the front desk.

Flask and MongoDB; a session cookie after log-in. This is the vulnerable twin.
"""

import os
import secrets
from datetime import datetime, timezone
from functools import wraps

from bson import ObjectId
from flask import Flask, Response, g, jsonify, redirect, render_template_string, request
from flask.json.provider import DefaultJSONProvider
from pymongo import MongoClient
from waitress import serve
from werkzeug.security import check_password_hash, generate_password_hash


class DocumentJSON(DefaultJSONProvider):
    """Documents hold ObjectIds and dates, which the default provider refuses."""

    @staticmethod
    def default(value):
        if isinstance(value, ObjectId):
            return str(value)
        return value.isoformat() if isinstance(value, datetime) else DefaultJSONProvider.default(value)


app = Flask(__name__)
app.json = DocumentJSON(app)
db = MongoClient(os.environ.get("MONGODB_URI", "mongodb://127.0.0.1:27017/loftwood")).get_default_database()


# --- sessions -----------------------------------------------------------------


@app.before_request
def find_member():
    session = db.sessions.find_one({"_id": request.cookies.get("sid", "")})
    g.member = db.members.find_one({"_id": session["member_id"]}) if session else None


def members_only(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        if g.member is None:
            return jsonify(error="log in first"), 401
        return view(*args, **kwargs)

    return guarded


def fields():
    """What was sent: JSON from the page's script, a form from the page itself."""
    return request.get_json(silent=True) or request.form.to_dict()


def wants_page():
    return request.mimetype == "application/x-www-form-urlencoded"


def object_id(text):
    return ObjectId(text)




# --- getting in and out -------------------------------------------------------


@app.post("/signup")
def sign_up():
    sent = fields()
    if not all(isinstance(sent.get(name), str) and sent[name] for name in ("name", "email", "phone", "password")):
        return jsonify(error="name, email, phone and password are required"), 400
    if db.members.find_one({"email": sent["email"].lower()}):
        return jsonify(error="this e-mail address is already registered"), 409
    member_id = add_member(sent["email"], sent["password"], sent["name"], str(sent["phone"]))
    return redirect("/", 303) if wants_page() else (jsonify(message="welcome", member_id=member_id), 201)


@app.post("/login")
def log_in():
    sent = fields()
    member = db.members.find_one({"email": str(sent.get("email", "")).lower()})
    if member is None or not check_password_hash(member["password_hash"], str(sent.get("password", ""))):
        return jsonify(error="wrong e-mail address or password"), 401
    sid = request.cookies.get("sid") or secrets.token_urlsafe(24)
    db.sessions.replace_one({"_id": sid}, {"member_id": member["_id"], "since": now()}, upsert=True)
    answer = redirect("/", 303) if wants_page() else jsonify(message="hello", member_id=member["_id"])
    answer.set_cookie("sid", sid, httponly=True, samesite="Lax")
    return answer


@app.post("/logout")
@members_only
def log_out():
    answer = jsonify(message="bye")
    answer.delete_cookie("sid")
    return answer


# --- profiles and membership cards --------------------------------------------


@app.get("/api/me")
@members_only
def me():
    profile = own_profile()
    card = {"number": profile["card_number"], "handle": profile["card_handle"]}
    return jsonify({**shown(profile), "email": g.member["email"], "role": g.member["role"], "card": card})


@app.get("/api/profile/<profile_id>")
@members_only
def read_profile(profile_id):
    profile = db.profiles.find_one({"_id": object_id(profile_id)})
    if profile is None:
        return jsonify(error="not found"), 404
    return jsonify(shown(profile))


@app.put("/api/profile/<profile_id>")
@members_only
def change_profile(profile_id):
    profile = own_profile()
    if profile_id != str(profile["_id"]):
        return jsonify(error="forbidden"), 403
    sent = fields()
    changes = {name: str(sent[name]) for name in ("name", "phone", "address") if name in sent}
    db.profiles.update_one({"_id": profile["_id"]}, {"$set": {**changes, "changed_at": now()}})
    return jsonify(shown({**profile, **changes}))


@app.post("/profile/contact")
@members_only
def change_contact():
    sent = fields()
    whose = {"_id": object_id(sent.get("profile_id"))}
    if not sent.get("phone"):
        return jsonify(error="phone is required"), 400
    db.profiles.update_one(whose, {"$set": {"phone": str(sent["phone"])}})
    return redirect("/", 303) if wants_page() else jsonify(saved=True)


@app.get("/api/cards/<handle>")
@members_only
def read_card(handle):
    profile = db.profiles.find_one({"card_handle": handle})
    if profile is None:
        return jsonify(error="forbidden"), 403
    return jsonify(handle=handle, number=profile["card_number"], holder=profile["name"], if_found_call=profile["phone"])


# --- loans --------------------------------------------------------------------


@app.get("/api/loans")
@members_only
def list_loans():
    return jsonify(loans=list(db.loans.find({"member_id": g.member["_id"]})))


@app.post("/api/loans")
@members_only
def borrow():
    sent = fields()
    tool = db.tools.find_one({"_id": int(sent["tool_id"])}) if str(sent.get("tool_id", "")).isdigit() else None
    if tool is None:
        return jsonify(error="there is no such tool"), 400
    loan = {
        "member_id": g.member["_id"],
        "tool_id": tool["_id"],
        "pickup_date": str(sent.get("pickup_date", "")),
        "note": str(sent.get("note", "")),
        "status": "reserved",
    }
    loan["_id"] = db.loans.insert_one(loan).inserted_id
    return jsonify(loan), 201


@app.get("/api/loans/<loan_id>")
@members_only
def read_loan(loan_id):
    loan = db.loans.find_one({"_id": object_id(loan_id)})
    if loan is None:
        return jsonify(error="not found"), 404
    if loan["member_id"] != g.member["_id"]:
        return jsonify(error="this loan is not yours"), 403
    return jsonify(loan)


@app.put("/api/loans/<loan_id>")
@members_only
def change_loan(loan_id):
    sent = fields()
    changes = {name: str(sent[name]) for name in ("note", "pickup_date") if name in sent}
    loan = db.loans.find_one_and_update({"_id": object_id(loan_id)}, {"$set": changes}, return_document=True)
    return jsonify(loan) if loan else (jsonify(error="not found"), 404)


@app.delete("/api/loans/<loan_id>")
@members_only
def give_back(loan_id):
    gone = db.loans.delete_one({"_id": object_id(loan_id)})
    return ("", 204) if gone.deleted_count else (jsonify(error="not found"), 404)


@app.get("/api/receipts")
@members_only
def read_receipt():
    loan = db.loans.find_one({"_id": object_id(request.args.get("loan_id"))})
    if loan is None:
        return jsonify(error="not found"), 404
    payer = db.profiles.find_one({"member_id": loan["member_id"]})
    return jsonify(tool_id=loan["tool_id"], note=loan["note"], billed_to=payer["name"], address=payer["address"])


@app.get("/api/pickup")
@members_only
def pickup():
    # The same for every loan, so the loan is not even looked up: it is only repeated.
    return jsonify(loan_id=request.args.get("loan_id", ""), door="north", hours="09:00-17:00")


# --- messages to the front desk -----------------------------------------------


@app.get("/api/messages")
@members_only
def list_messages():
    whose = object_id(request.args.get("member_id", str(g.member["_id"])))
    return jsonify(messages=list(db.messages.find({"member_id": whose})))


@app.post("/api/messages")
@members_only
def write_message():
    sent = fields()
    message = {"member_id": g.member["_id"], "subject": str(sent.get("subject", "")), "text": str(sent.get("text", "")), "at": now()}
    message["_id"] = db.messages.insert_one(message).inserted_id
    return jsonify(message), 201


# --- vouchers and workbenches -------------------------------------------------


@app.get("/api/vouchers")
@members_only
def list_vouchers():
    return jsonify(list(db.vouchers.find({"member_id": g.member["_id"]})))


@app.get("/api/vouchers/<code>")
@members_only
def read_voucher(code):
    # The till at the desk cannot read status codes: what it cannot use is a 200 with an error in it.
    voucher = db.vouchers.find_one({"code": code, "member_id": g.member["_id"]})
    return jsonify(voucher or {"error": "no such voucher"})


@app.get("/api/workbenches")
@members_only
def list_workbenches():
    return jsonify(workbenches=list(db.workbenches.find({"members": g.member["_id"]})))


@app.get("/api/workbenches/<room>")
@members_only
def read_workbench(room):
    # A bench belongs to all who work at it.
    bench = db.workbenches.find_one({"room": room, "members": g.member["_id"]})
    return jsonify(bench) if bench else (jsonify(error="forbidden"), 403)


# --- for everybody ------------------------------------------------------------


@app.get("/api/tools")
def list_tools():
    return jsonify(tools=[{"id": tool["_id"], "name": tool["name"]} for tool in db.tools.find().sort("_id")])


@app.get("/api/tools/<int:number>")
def read_tool(number):
    tool = db.tools.find_one({"_id": number})
    return jsonify({"id": tool["_id"], "name": tool["name"], "deposit": tool["deposit"]}) if tool else (jsonify(error="not found"), 404)


@app.get("/api/events")
def list_events():
    # The token is printed on the poster: it is the name of the sign-up sheet.
    return jsonify(events=list(db.events.find({}, {"_id": 0})))


@app.get("/api/guides")
def list_guides():
    return jsonify(guides=list(db.guides.find({}, {"author_id": 0})))


@app.get("/api/guides/<guide_id>")
def read_guide(guide_id):
    guide = db.guides.find_one({"slug": guide_id}, {"author_id": 0})
    return jsonify(guide) if guide else (jsonify(error="not found"), 404)


@app.post("/api/guides")
@members_only
def write_guide():
    sent = fields()
    if not sent.get("title"):
        return jsonify(error="title is required"), 400
    guide = {"slug": secrets.token_hex(4), "author_id": g.member["_id"], "author": own_profile()["name"], **guide_fields(sent)}
    db.guides.insert_one(guide)
    return jsonify({name: guide[name] for name in ("slug", "author", "title", "text", "contact_email")}), 201


@app.put("/api/guides/<guide_id>")
@members_only
def change_guide(guide_id):
    # Only the author's own guide matches. To others this is a success that changed nothing.
    changed = db.guides.update_one({"slug": guide_id, "author_id": g.member["_id"]}, {"$set": guide_fields(fields())})
    return jsonify(saved=True, guides=changed.matched_count)


@app.delete("/api/guides/<guide_id>")
@members_only
def drop_guide(guide_id):
    gone = db.guides.delete_one({"slug": guide_id, "author_id": g.member["_id"]})
    return ("", 204) if gone.deleted_count else (jsonify(error="forbidden"), 403)


@app.post("/api/guides/preview")
def preview_guide():
    return jsonify(preview=fields())


@app.get("/api/search")
def search():
    words = request.args.get("q", "")
    hits = [tool["name"] for tool in db.tools.find() if words and words.lower() in tool["name"].lower()]
    return jsonify(you_searched_for=words, hits=hits)


@app.get("/api/admin/members")
@members_only
def list_members():
    if g.member["role"] != "admin":
        return jsonify(error="forbidden"), 403
    return jsonify(members=[shown(profile) for profile in db.profiles.find()])


# --- pages --------------------------------------------------------------------

HOME = """<!doctype html>
<title>Loftwood tool library</title>
<h1>Loftwood tool library</h1>
<p>See <a href="/api/tools">the tools</a>, <a href="/api/guides">guides by members</a> and <a href="/api/events">events</a>.</p>
{% if profile %}
<p>Hello {{ profile.name }}: <a href="/api/me">your profile</a>, <a href="/api/loans">loans</a>, <a href="/api/messages">messages</a>.</p>
<form action="/profile/contact" method="post">
  <input type="hidden" name="profile_id" value="{{ profile._id }}">
  Phone <input name="phone" value="{{ profile.phone }}"> <button>Save</button>
</form>
<form action="/logout" method="post"><button>Log out</button></form>
{% else %}
<form action="/signup" method="post">
  <input name="name" required><input name="email" type="email" required><input name="phone" type="tel" required>
  <input name="password" type="password" required> <button>Join</button>
</form>
<form action="/login" method="post">
  <input name="email" type="email" required><input name="password" type="password" required>
  <button>Log in</button>
</form>
{% endif %}
<form action="/api/search"><input name="q"><button>Search</button></form>
<script src="/loftwood.js"></script>
"""

SCRIPT = """
const asJson = { 'Content-Type': 'application/json' };
const read = (answer) => answer.json();
export const me = () => fetch('/api/me').then(read);
export const profile = (id) => fetch('/api/profile/' + id).then(read);
export const saveProfile = (id, { name, phone, address }) =>
  fetch('/api/profile/' + id, { method: 'PUT', headers: asJson, body: JSON.stringify({ name, phone, address }) });
export const card = (handle) => fetch(`/api/cards/${handle}`).then(read);
export const loans = () => fetch('/api/loans').then(read);
export const borrow = (tool_id, pickup_date, note) =>
  fetch('/api/loans', { method: 'POST', headers: asJson, body: JSON.stringify({ tool_id, pickup_date, note }) });
export const loan = (id) => fetch('/api/loans/' + id).then(read);
export const changeLoan = (id, note, pickup_date) =>
  fetch('/api/loans/' + id, { method: 'PUT', headers: asJson, body: JSON.stringify({ note, pickup_date }) });
export const giveBack = (id) => fetch('/api/loans/' + id, { method: 'DELETE' });
export const receipt = (loan) => fetch('/api/receipts?loan_id=' + loan).then(read);
export const pickup = (loan) => fetch('/api/pickup?loan_id=' + loan).then(read);
export const messages = (member) => fetch('/api/messages?member_id=' + member).then(read);
export const write = (subject, text) =>
  fetch('/api/messages', { method: 'POST', headers: asJson, body: JSON.stringify({ subject, text }) });
export const vouchers = () => fetch('/api/vouchers').then(read);
export const voucher = (code) => fetch(`/api/vouchers/${code}`).then(read);
export const benches = () => fetch('/api/workbenches').then(read);
export const bench = (room) => fetch(`/api/workbenches/${room}`).then(read);
export const writeGuide = (title, text, contact_email) =>
  fetch('/api/guides', { method: 'POST', headers: asJson, body: JSON.stringify({ title, text, contact_email }) });
export const guide = (slug) => fetch(`/api/guides/${slug}`).then(read);
export const saveGuide = (slug, title, text, contact_email) =>
  fetch(`/api/guides/${slug}`, { method: 'PUT', headers: asJson, body: JSON.stringify({ title, text, contact_email }) });
export const dropGuide = (slug) => fetch(`/api/guides/${slug}`, { method: 'DELETE' });
export const preview = (title, text) =>
  fetch('/api/guides/preview', { method: 'POST', headers: asJson, body: JSON.stringify({ title, text }) });
export const members = () => fetch('/api/admin/members').then(read);
"""


@app.get("/")
def home():
    return render_template_string(HOME, profile=own_profile() if g.member else None)


@app.get("/loftwood.js")
def script():
    return Response(SCRIPT, mimetype="text/javascript")


# --- documents ----------------------------------------------------------------


def now():
    return datetime.now(timezone.utc)


def own_profile():
    return db.profiles.find_one({"member_id": g.member["_id"]})


def shown(profile):
    return {name: profile[name] for name in ("_id", "member_id", "name", "phone", "address")}


def guide_fields(sent):
    # An author may leave an address for questions; it is printed with the guide.
    return {name: str(sent.get(name, "")) for name in ("title", "text", "contact_email")}


def add_member(email, password, name, phone, address="", role="member"):
    account = {"email": email.lower(), "password_hash": generate_password_hash(password), "role": role}
    member_id = db.members.insert_one(account).inserted_id
    card = {"card_number": 1000 + db.profiles.count_documents({}), "card_handle": secrets.token_hex(5)}
    db.profiles.insert_one({"member_id": member_id, "name": name, "phone": phone, "address": address, **card})
    db.vouchers.insert_one({"code": f"WELCOME-{secrets.token_hex(4)}", "member_id": member_id, "worth": 5})
    db.workbenches.update_one({"name": "Newcomers' bench"}, {"$push": {"members": member_id}})
    return member_id


def seed():
    db.client.drop_database(db.name)
    tools = ("Cordless drill", "Belt sander", "Tile cutter", "Extension ladder", "Hedge trimmer")
    db.tools.insert_many([{"_id": number, "name": name, "deposit": 10 * number} for number, name in enumerate(tools, 1)])
    db.events.insert_one({"title": "Open day", "date": "2031-04-12", "token": "spring-open-day"})
    db.workbenches.insert_one({"name": "Newcomers' bench", "room": "B2", "members": []})
    add_member("warden@loftwood.example", "sawdust-and-glue", "Wanda Warden", "+15550100110", role="admin")
    ada = add_member("ada@loftwood.example", "planes-and-chisels", "Ada Ferro", "+15550100111", "4 Mill Lane")
    ben = add_member("ben@loftwood.example", "mitre-and-bevel", "Ben Okoro", "+15550100112", "17 Quay Street")
    db.workbenches.insert_one({"name": "The boat", "room": "Yard", "members": [ada, ben]})
    for member, tool, note in ((ada, 1, "shelves for the nursery"), (ben, 3, "kitchen floor, key under the mat")):
        db.loans.insert_one({"member_id": member, "tool_id": tool, "pickup_date": "2031-03-02", "note": note, "status": "reserved"})
        db.messages.insert_one({"member_id": member, "subject": "Deposit", "text": f"About {note}: may I pay in cash?", "at": now()})
    guide = {"title": "Sharpening a chisel", "text": "Start with the back.", "contact_email": "ada@loftwood.example"}
    db.guides.insert_one({"slug": "sharpening", "author_id": ada, "author": "Ada Ferro", **guide})


if __name__ == "__main__":
    if os.environ.get("LAB_SEED") == "1":
        seed()
    print("ready", flush=True)
    serve(app, host=os.environ.get("HOST", "127.0.0.1"), port=int(os.environ.get("PORT", "5000")), threads=8)
