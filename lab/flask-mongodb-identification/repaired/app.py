"""Loftwood, a tool library: members borrow tools, write guides and talk to the front desk.

Flask and MongoDB; a session cookie after log-in. This is the repaired twin.
"""

import os
import re
import secrets
from datetime import datetime, timezone
from functools import wraps

from bson import ObjectId
from flask import Flask, Response, abort, g, jsonify, redirect, render_template_string, request
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


# remedy: malformed-id-accepted: Check the shape of an ObjectId before the query
# An identifier is checked for its shape before it reaches a query, so that a malformed one is a plain 400 and no stack trace.
# That alone protects nobody: an ObjectId is a time and a counter, and its neighbours can be computed.
def object_id(text):
    if not re.fullmatch(r"[0-9a-f]{24}", text or ""):
        abort(400)
    return ObjectId(text)


@app.errorhandler(400)
def malformed(_error):
    return jsonify(error="invalid id"), 400
# end remedy


# remedy: foreign-object-change: Put the owner check into one decorator for every verb
# Every verb on a loan goes through this one decorator, so that none is forgotten when the next one is added.
# It asks for the loan by id and member together, and says the same of a foreign loan and of one that does not exist.
def own_loan(view):
    @wraps(view)
    def guarded(loan_id):
        loan = db.loans.find_one({"_id": object_id(loan_id), "member_id": g.member["_id"]})
        if loan is None:
            return jsonify(error="forbidden"), 403
        return view(loan)

    return guarded
# end remedy


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
    # remedy: session-fixation: Mint a new session id at every log-in
    # A log-in always mints a new session id and ends the one that the browser came with.
    # An id that somebody planted in the browser beforehand is worth nothing afterwards.
    db.sessions.delete_one({"_id": request.cookies.get("sid", "")})
    sid = secrets.token_urlsafe(24)
    # end remedy
    db.sessions.replace_one({"_id": sid}, {"member_id": member["_id"], "since": now()}, upsert=True)
    answer = redirect("/", 303) if wants_page() else jsonify(message="hello", member_id=member["_id"])
    answer.set_cookie("sid", sid, httponly=True, samesite="Lax")
    return answer


@app.post("/logout")
@members_only
def log_out():
    # remedy: session-not-ended: Remove the session from the store at log-out
    # The session is removed from the store: forgetting the cookie in one browser ends nothing for whoever copied it.
    # The cookie goes as well, so that the browser stops sending an id that no longer means anything.
    db.sessions.delete_one({"_id": request.cookies.get("sid", "")})
    # end remedy
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
    # remedy: foreign-object-read: Find by _id and the member of the session together
    # The query holds the member of the session beside the id of the path, so that a foreign profile is simply not found.
    # A check made after the document is loaded is a check that the next endpoint forgets.
    profile = db.profiles.find_one({"_id": object_id(profile_id), "member_id": g.member["_id"]})
    if profile is None:
        return jsonify(error="forbidden"), 403
    # end remedy
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
    # remedy: foreign-object-change: Take whose object changes from the session
    # Whose contact changes is decided by the session; the form no longer carries an id at all.
    # A hidden field is as easy to edit as a visible one.
    whose = {"member_id": g.member["_id"]}
    # end remedy
    if not sent.get("phone"):
        return jsonify(error="phone is required"), 400
    db.profiles.update_one(whose, {"$set": {"phone": str(sent["phone"])}})
    return redirect("/", 303) if wants_page() else jsonify(saved=True)


@app.get("/api/cards/<handle>")
@members_only
def read_card(handle):
    # remedy: foreign-object-read: Bind a public handle to the member of the session
    # A public handle hides the ObjectId and nothing else: it is printed on the card, and cards are shown around.
    # The member of the session is part of the query here, too.
    profile = db.profiles.find_one({"card_handle": handle, "member_id": g.member["_id"]})
    # end remedy
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
# remedy: object-existence-revealed: Answer alike for foreign and absent objects
# Foreign and absent loans get one answer from one place.
# "Not yours" beside "not found" would tell which ids are in use.
@own_loan
def read_loan(loan):
    return jsonify(loan)
# end remedy


@app.put("/api/loans/<loan_id>")
@members_only
# remedy: foreign-object-change: Change what the owner check loaded
# The loan that is changed is the one that the owner check loaded, and not one looked up again by the id of the path.
# So reading and changing cannot come to disagree about whose it is.
@own_loan
def change_loan(loan):
    sent = fields()
    changes = {name: str(sent[name]) for name in ("note", "pickup_date") if name in sent}
    db.loans.update_one({"_id": loan["_id"], "member_id": g.member["_id"]}, {"$set": changes})
    return jsonify({**loan, **changes})
# end remedy


@app.delete("/api/loans/<loan_id>")
@members_only
# remedy: foreign-object-delete: Delete behind the same owner check as reading
# Deleting goes through the same owner check as reading, and the member stays part of the filter that deletes.
# A verb without a check of its own is the usual way in.
@own_loan
def give_back(loan):
    db.loans.delete_one({"_id": loan["_id"], "member_id": g.member["_id"]})
    return "", 204
# end remedy


@app.get("/api/receipts")
@members_only
def read_receipt():
    # remedy: foreign-object-read: Bind an id in the query string to the member
    # An id in the query string is as much an id as one in the path: the loan is looked up with its member.
    # The answer to a foreign id is the answer to a wrong one.
    loan = db.loans.find_one({"_id": object_id(request.args.get("loan_id")), "member_id": g.member["_id"]})
    if loan is None:
        return jsonify(error="forbidden"), 403
    # end remedy
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
    # remedy: foreign-collection-read: Take whose list it is from the session
    # Whose messages are listed comes from the session, whatever the query string says.
    # A parameter that names the caller is one that a caller can change.
    whose = g.member["_id"]
    # end remedy
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
export const messages = () => fetch('/api/messages').then(read);
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
