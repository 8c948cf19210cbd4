"""Millpond Supplies, a wholesaler: shops order goods, keep delivery addresses and read each other's reviews.

Flask and MongoDB; a bearer token after log-in. This is the repaired twin.
"""

import hashlib
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from functools import wraps

from bson import ObjectId
from flask import Flask, g, jsonify, request
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
db = MongoClient(os.environ.get("MONGODB_URI", "mongodb://127.0.0.1:27017/millpond")).get_default_database()

# remedy: sensitive-property-returned: Write down the projections of what answers may hold
# A projection names what an answer may hold, so that a field added to the collection tomorrow stays inside until somebody adds it here.
# MongoDB returns _id with every inclusion projection unless it is switched off, which is how ids of users get about.
OWN_ACCOUNT = {"_id": 1, "username": 1, "email": 1, "company": 1, "role": 1, "credit_limit": 1, "joined_at": 1}
ORDER = {"_id": 1, "product_id": 1, "quantity": 1, "delivery_note": 1, "approved": 1, "discount": 1, "ordered_at": 1}
# end remedy


# remedy: sensitive-property-returned: Give what others may know a type of its own
# What others may know of a shop is a type of its own, filled field by field.
# A document that is passed on whole shows whatever is stored beside the name: hash, key, role.
@dataclass
class PublicUser:
    username: str
    company: str
    joined_at: datetime
# end remedy


def token_hash(token):
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        g.user = db.users.find_one({"tokens.hash": token_hash(token)}) if scheme.lower() == "bearer" and token else None
        if g.user is None:
            return jsonify(message="a bearer token is required"), 401, {"WWW-Authenticate": "Bearer"}
        return view(*args, **kwargs)

    return guarded


def key(text):
    """The ObjectId of a path; nothing is stored under the one that stands for malformed text."""
    return ObjectId(text) if ObjectId.is_valid(text) else ObjectId("0" * 24)


def no_such(thing):
    return jsonify(message=f"no such {thing}"), 404


def unprocessable(*missing):
    return jsonify(message="the request is not valid", fields=missing), 422


def body():
    sent = request.get_json(silent=True)
    return sent if isinstance(sent, dict) else {}


# --- accounts -----------------------------------------------------------------


@app.post("/auth/register")
def register():
    sent = body()
    missing = [name for name in ("username", "email", "password", "company") if not isinstance(sent.get(name), str) or not sent[name]]
    if missing:
        return unprocessable(*missing)
    if db.users.find_one({"$or": [{"username": sent["username"]}, {"email": sent["email"].lower()}]}):
        return jsonify(message="username or e-mail address is taken"), 409
    # remedy: property-assignment: Build a new account from named fields
    # The account is built from the four fields that people fill in, each by name.
    # A body that is merged into the document decides its own role and credit.
    user = new_user(sent["username"], sent["email"], sent["password"], sent["company"])
    # end remedy
    db.users.insert_one(user)
    welcome(user)
    return jsonify(id=user["_id"], username=user["username"]), 201


@app.post("/auth/token")
def log_in():
    sent = body()
    user = db.users.find_one({"username": str(sent.get("username", ""))})
    if user is None or not check_password_hash(user["password_hash"], str(sent.get("password", ""))):
        return jsonify(message="wrong username or password"), 401
    token = secrets.token_urlsafe(32)
    db.users.update_one({"_id": user["_id"]}, {"$push": {"tokens": {"hash": token_hash(token), "issued_at": now()}}})
    return jsonify(access_token=token, token_type="bearer")


@app.get("/api/me")
@signed_in
def read_me():
    # remedy: sensitive-property-returned: Read the own account through a projection
    # The account is read again with the projection of what its owner may see.
    # The document that the log-in check loaded holds the hash, the key and the tokens.
    account = db.users.find_one({"_id": g.user["_id"]}, OWN_ACCOUNT)
    # end remedy
    return jsonify(account)


@app.patch("/api/me")
@signed_in
def change_me():
    # remedy: property-assignment: Copy the fields that may change into $set
    # Only the fields that people may change are copied into the update, and an empty update is refused.
    # $set with the body as it came sets the role as readily as the company.
    changes = {name: str(value) for name, value in body().items() if name in ("email", "company")}
    if not changes:
        return unprocessable("email", "company")
    # end remedy
    db.users.update_one({"_id": g.user["_id"]}, {"$set": changes})
    return jsonify(changed=sorted(changes))


@app.get("/api/user/<user_id>")
@signed_in
def read_user(user_id):
    user = db.users.find_one({"_id": key(user_id)})
    if user is None:
        return no_such("user")
    # remedy: sensitive-property-returned: Answer with the public type instead of the document
    # Others get the public type, not the document.
    # Leaving out fields on the client's side is no protection: they have arrived by then.
    return jsonify(asdict(PublicUser(user["username"], user["company"], user["joined_at"])))
    # end remedy


@app.get("/api/user/<user_id>/summary")
@signed_in
def summarise_user(user_id):
    pipeline = [
        {"$match": {"_id": key(user_id)}},
        {"$lookup": {"from": "orders", "localField": "_id", "foreignField": "user_id", "as": "orders"}},
        # remedy: sensitive-property-returned: End an aggregation with a $project
        # An aggregation ends with a $project that states the shape of its answer, with _id switched off.
        # $addFields and $lookup only add: without it the whole document and all that was joined comes along.
        {"$project": {"_id": 0, "username": 1, "joined_at": 1, "order_count": {"$size": "$orders"}}},
        # end remedy
    ]
    found = list(db.users.aggregate(pipeline))
    return jsonify(found[0]) if found else no_such("user")


@app.get("/api/user/<user_id>/addresses")
@signed_in
def list_addresses(user_id):
    # remedy: foreign-collection-read: Compare the id of the path with the caller
    # The id of the path is compared with the caller before anything is read, and a foreign id is answered like an unknown one.
    # Ids of users are in reviews, links and logs: knowing one must not open anything.
    if user_id != str(g.user["_id"]):
        return no_such("user")
    # end remedy
    return jsonify(addresses=list(db.addresses.find({"user_id": key(user_id)}, {"user_id": 0})))


@app.post("/api/addresses")
@signed_in
def add_address():
    sent = body()
    missing = [name for name in ("street", "city") if not sent.get(name)]
    if missing:
        return unprocessable(*missing)
    address = {"user_id": g.user["_id"], **{name: str(sent.get(name, "")) for name in ("label", "street", "city")}}
    db.addresses.insert_one(address)
    return jsonify({name: address[name] for name in ("_id", "label", "street", "city")}), 201


# --- orders -------------------------------------------------------------------


@app.get("/api/orders")
@signed_in
def list_orders():
    # remedy: sensitive-property-returned: Give lists the projection of single objects
    # Lists take the same projection as single orders.
    # It is the list that everybody forgets, and the list that is cached.
    orders = list(db.orders.find({"user_id": g.user["_id"]}, ORDER))
    # end remedy
    return jsonify(orders=orders, count=len(orders))


@app.post("/api/orders")
@signed_in
def place_order():
    sent = body()
    product = db.products.find_one({"_id": sent.get("product_id")})
    if product is None or not isinstance(sent.get("quantity"), int) or sent["quantity"] < 1:
        return unprocessable("product_id", "quantity")
    order = {
        "user_id": g.user["_id"],
        "product_id": product["_id"],
        "quantity": sent["quantity"],
        "delivery_note": str(sent.get("delivery_note", "")),
        "approved": False,
        "discount": 0,
        "ordered_at": now(),
        "cost_center": "WH-7",
        "internal_notes": "new shop, watch the first invoice",
        "supply": [{"supplier": product["supplier"], "margin_percent": 31, "internal_flags": "second-choice"}],
    }
    db.orders.insert_one(order)
    # remedy: sensitive-property-returned: Read back what was made through the projection
    # What was stored is read back through the projection instead of being returned as it was built.
    # The answer to a creation is as public as any other.
    order = db.orders.find_one({"_id": order["_id"]}, ORDER)
    # end remedy
    return jsonify(order), 201


@app.get("/api/order/<order_id>")
@signed_in
def read_order(order_id):
    # remedy: foreign-object-read: Find by _id and owner together
    # The order is asked for with its id and its owner together, and with the projection of what the owner may see.
    # An exposed _id is then a name and not a key.
    order = db.orders.find_one({"_id": key(order_id), "user_id": g.user["_id"]}, ORDER)
    # end remedy
    return jsonify(order) if order else no_such("order")


@app.patch("/api/order/<order_id>")
@signed_in
def change_order(order_id):
    # remedy: property-assignment: Allow the fields that a customer may change
    # The note and the quantity are the customer's; approval and discount are ours, and are set elsewhere.
    # An allowlist says so once, where a denylist has to be kept up with the collection.
    changes = {name: value for name, value in body().items() if name in ("delivery_note", "quantity")}
    # end remedy
    if not changes:
        return unprocessable("delivery_note", "quantity")
    changed = db.orders.update_one({"_id": key(order_id), "user_id": g.user["_id"]}, {"$set": changes})
    return jsonify(changed=sorted(changes)) if changed.matched_count else no_such("order")


@app.delete("/api/order/<order_id>")
@signed_in
def cancel_order(order_id):
    # remedy: foreign-object-delete: Delete by _id and owner together
    # The owner is part of the filter that deletes, so that a foreign order matches nothing.
    # How many were deleted tells whether there was one, without looking first.
    gone = db.orders.delete_one({"_id": key(order_id), "user_id": g.user["_id"]})
    # end remedy
    return ("", 204) if gone.deleted_count else no_such("order")


# --- what shops share ---------------------------------------------------------


@app.get("/api/groups")
@signed_in
def list_groups():
    # A buying group is shared on purpose: its members see who else is in it.
    # remedy: sensitive-property-returned: Project the fields of embedded documents
    # Fields of embedded documents are named by their path, down into the array.
    # Copies of accounts in other collections are accounts, too, with everything that was copied.
    groups = db.groups.find({"members.user_id": g.user["_id"]}, {"name": 1, "members.username": 1, "members.company": 1})
    # end remedy
    return jsonify(groups=list(groups))


@app.get("/api/price-lists")
@signed_in
def list_price_lists():
    return jsonify(list(db.price_lists.find({"shared_with": g.user["_id"]}, {"shared_with": 0})))


@app.get("/api/price-lists/<list_id>")
@signed_in
def read_price_list(list_id):
    found = db.price_lists.find_one({"_id": key(list_id), "shared_with": g.user["_id"]}, {"shared_with": 0})
    return jsonify(found) if found else no_such("price list")


@app.get("/api/coupons")
@signed_in
def list_coupons():
    return jsonify(data=list(db.coupons.find({"user_id": g.user["_id"]}, {"_id": 0, "user_id": 0})))


@app.get("/api/coupons/<code>")
@signed_in
def read_coupon(code):
    # The tills in the shops know no status but 200.
    coupon = db.coupons.find_one({"code": code, "user_id": g.user["_id"]}, {"_id": 0, "user_id": 0})
    return jsonify(success=True, data=coupon) if coupon else jsonify(success=False, error="no such coupon")


# --- for everybody ------------------------------------------------------------


@app.get("/api/products")
def list_products():
    return jsonify(products=[product_fields(product) for product in db.products.find().sort("_id")])


@app.get("/api/products/<int:product_id>")
def read_product(product_id):
    product = db.products.find_one({"_id": product_id})
    return jsonify(product_fields(product)) if product else no_such("product")


@app.get("/api/products/<int:product_id>/reviews")
def list_reviews(product_id):
    pipeline = [
        {"$match": {"product_id": product_id}},
        {"$lookup": {"from": "users", "localField": "user_id", "foreignField": "_id", "as": "author"}},
        # remedy: sensitive-property-returned: Project after $lookup
        # $lookup joins whole documents; the $project after it lets the name of the author through and nothing else.
        # This page needs no log-in: what is in it is published.
        {"$project": {"_id": 0, "stars": 1, "text": 1, "author.username": 1}},
        # end remedy
    ]
    return jsonify(reviews=list(db.reviews.aggregate(pipeline)))


@app.get("/api/campaigns")
def list_campaigns():
    # The token is what customers type at the till: it is on the posters.
    return jsonify(list(db.campaigns.find({}, {"_id": 0})))


@app.get("/api/adverts")
def list_adverts():
    return jsonify(adverts=[advert_fields(advert) for advert in db.adverts.find()])


@app.get("/api/adverts/<advert_id>")
def read_advert(advert_id):
    advert = db.adverts.find_one({"_id": key(advert_id)})
    return jsonify(advert_fields(advert)) if advert else no_such("advert")


@app.post("/api/adverts")
@signed_in
def post_advert():
    sent = body()
    if not sent.get("title"):
        return unprocessable("title")
    advert = {"user_id": g.user["_id"], **{name: str(sent.get(name, "")) for name in ("title", "text", "reply_to")}}
    db.adverts.insert_one(advert)
    return jsonify(advert_fields(advert)), 201


@app.put("/api/adverts/<advert_id>")
@signed_in
def change_advert(advert_id):
    # Only one's own advert matches: for others this succeeds and changes nothing.
    changes = {name: str(value) for name, value in body().items() if name in ("title", "text", "reply_to")}
    changed = db.adverts.update_one({"_id": key(advert_id), "user_id": g.user["_id"]}, {"$set": {**changes, "edited": True}})
    return jsonify(ok=True, updated=changed.matched_count)


@app.delete("/api/adverts/<advert_id>")
@signed_in
def remove_advert(advert_id):
    gone = db.adverts.delete_one({"_id": key(advert_id), "user_id": g.user["_id"]})
    return ("", 204) if gone.deleted_count else no_such("advert")


@app.get("/api/search")
def search():
    query = request.args.get("q", "")
    hits = [product["name"] for product in db.products.find() if query and query.lower() in product["name"].lower()]
    return jsonify(query=query, hits=hits)


@app.post("/api/quote")
def quote():
    return jsonify(request=body(), valid_until="2031-12-31")


@app.get("/api/admin/margins")
@signed_in
def list_margins():
    if g.user["role"] != "admin":
        return no_such("page")
    return jsonify(margins=list(db.orders.aggregate([{"$group": {"_id": "$product_id", "ordered": {"$sum": "$quantity"}}}])))


# --- documents ----------------------------------------------------------------


def now():
    return datetime.now(timezone.utc)


def product_fields(product):
    checksum = hashlib.md5(product["name"].encode()).hexdigest()
    return {"id": product["_id"], "name": product["name"], "price": product["price"], "image_checksum": checksum}


def advert_fields(advert):
    return {"id": advert["_id"], "title": advert["title"], "text": advert["text"], "reply_to": advert["reply_to"]}


def new_user(username, email, password, company, role="customer"):
    return {
        "username": username,
        "email": email.lower(),
        "password_hash": generate_password_hash(password),
        "company": company,
        "role": role,
        "internal_role": "C3",
        "credit_limit": 500,
        "api_key": f"mp_{secrets.token_hex(16)}",
        "tokens": [],
        "joined_at": now(),
    }


def welcome(user):
    """A new shop gets a coupon, the current prices and a place in the group of newcomers."""
    db.coupons.insert_one({"user_id": user["_id"], "code": f"HELLO-{secrets.token_hex(4)}", "percent": 5})
    db.price_lists.update_one({"title": "Spring prices"}, {"$push": {"shared_with": user["_id"]}})
    member = {"user_id": user["_id"], **{name: user[name] for name in ("username", "company", "password_hash", "api_key")}}
    db.groups.update_one({"name": "Newcomers"}, {"$push": {"members": member}})


def seed():
    db.client.drop_database(db.name)
    goods = (("Flour, 25 kg", 19), ("Olive oil, 5 l", 34), ("Paper bags, 1000", 12), ("Tea towels, 20", 27))
    suppliers = ("Weir Mills", "Southern Oils", "Foldwell", "Loom & Sons")
    db.products.insert_many(
        [{"_id": number, "name": name, "price": price, "supplier": suppliers[number - 1]} for number, (name, price) in enumerate(goods, 1)]
    )
    db.campaigns.insert_one({"name": "Harvest week", "token": "harvest-week-31"})
    db.price_lists.insert_one({"title": "Spring prices", "prices": [{"product_id": 1, "price": 17}], "shared_with": []})
    db.groups.insert_one({"name": "Newcomers", "members": []})
    shops = (
        ("office", "office@millpond.example", "weigh-and-pack-31", "Millpond Supplies", "admin"),
        ("cornershop", "cora@corner.example", "bread-and-butter-1", "Corner Shop", "customer"),
        ("teahouse", "theo@teahouse.example", "leaves-and-water-2", "Teahouse", "customer"),
    )
    for shop in shops:
        user = new_user(*shop)
        db.users.insert_one(user)
        welcome(user)
        db.addresses.insert_one({"user_id": user["_id"], "label": "Back door", "street": f"{len(shop[0])} Weir Lane", "city": "Millpond"})
        db.reviews.insert_one({"product_id": 1, "user_id": user["_id"], "stars": 4, "text": f"Served well at {shop[3]}."})
        db.orders.insert_one(
            {
                "user_id": user["_id"],
                "product_id": 2,
                "quantity": 3,
                "delivery_note": f"ring for {shop[0]}",
                "approved": True,
                "discount": 0,
                "ordered_at": now(),
                "cost_center": "WH-2",
                "internal_notes": "pays late, still polite",
                "supply": [{"supplier": "Southern Oils", "margin_percent": 28, "internal_flags": "none-so-far"}],
            }
        )
    theo = db.users.find_one({"username": "teahouse"})
    db.adverts.insert_one({"user_id": theo["_id"], "title": "Used samovar", "text": "Works.", "reply_to": "theo@teahouse.example"})


# --- description --------------------------------------------------------------

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}


def shape(required=(), **properties):
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


SCHEMAS = {
    "SignUp": shape(("username", "email", "password", "company"), username=TEXT, email={**TEXT, "format": "email"}, password=TEXT, company=TEXT),
    "LogIn": shape(("username", "password"), username=TEXT, password=TEXT),
    "AccountChange": shape(email={**TEXT, "format": "email"}, company=TEXT),
    "NewAddress": shape(("street", "city"), label=TEXT, street=TEXT, city=TEXT),
    "NewOrder": shape(("product_id", "quantity"), product_id=WHOLE, quantity={**WHOLE, "minimum": 1}, delivery_note=TEXT),
    "OrderChange": shape(delivery_note=TEXT, quantity={**WHOLE, "minimum": 1}),
    "Advert": shape(("title",), title=TEXT, text=TEXT, reply_to={**TEXT, "format": "email"}),
    "Quote": shape(("lines",), lines={"type": "array", "items": TEXT}),
}


def operation(summary, takes=None, public=False, **parameters):
    described = {"summary": summary, "responses": {"200": {"description": "As asked"}}}
    if parameters:
        places = [{"name": name, "in": "path", "required": True, "schema": schema} for name, schema in parameters.items() if name != "q"]
        queries = [{"name": "q", "in": "query", "schema": TEXT}] if "q" in parameters else []
        described["parameters"] = places + queries
    if takes:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{takes}"}}}
        described["requestBody"] = {"required": True, "content": content}
    return described | ({"security": []} if public else {})


PATHS = {
    "/auth/register": {"post": operation("Sign up", "SignUp", public=True)},
    "/auth/token": {"post": operation("Log in", "LogIn", public=True)},
    "/api/me": {"get": operation("My account"), "patch": operation("Change my account", "AccountChange")},
    "/api/user/{user_id}": {"get": operation("A shop", user_id=TEXT)},
    "/api/user/{user_id}/summary": {"get": operation("A shop in figures", user_id=TEXT)},
    "/api/user/{user_id}/addresses": {"get": operation("Delivery addresses", user_id=TEXT)},
    "/api/addresses": {"post": operation("Add a delivery address", "NewAddress")},
    "/api/orders": {"get": operation("My orders"), "post": operation("Place an order", "NewOrder")},
    "/api/order/{order_id}": {
        "get": operation("An order", order_id=TEXT),
        "patch": operation("Change an order", "OrderChange", order_id=TEXT),
        "delete": operation("Withdraw an order", order_id=TEXT),
    },
    "/api/groups": {"get": operation("My buying groups")},
    "/api/price-lists": {"get": operation("Price lists that I may see")},
    "/api/price-lists/{list_id}": {"get": operation("A price list", list_id=TEXT)},
    "/api/coupons": {"get": operation("My coupons")},
    "/api/coupons/{code}": {"get": operation("A coupon", code=TEXT)},
    "/api/products": {"get": operation("The catalogue", public=True)},
    "/api/products/{product_id}": {"get": operation("A product", public=True, product_id=WHOLE)},
    "/api/products/{product_id}/reviews": {"get": operation("Reviews of a product", public=True, product_id=WHOLE)},
    "/api/campaigns": {"get": operation("Campaigns", public=True)},
    "/api/adverts": {"get": operation("Adverts", public=True), "post": operation("Post an advert", "Advert")},
    "/api/adverts/{advert_id}": {
        "get": operation("An advert", public=True, advert_id=TEXT),
        "put": operation("Change my advert", "Advert", advert_id=TEXT),
        "delete": operation("Take my advert down", advert_id=TEXT),
    },
    "/api/search": {"get": operation("Search the catalogue", public=True, q=TEXT)},
    "/api/quote": {"post": operation("Ask for a quote", "Quote", public=True)},
    "/api/admin/margins": {"get": operation("Ordered quantities")},
}


@app.get("/openapi.json")
def describe():
    return jsonify(
        openapi="3.1.0",
        info={"title": "Millpond Supplies", "version": "1.4.0"},
        servers=[{"url": "/"}],
        security=[{"token": []}],
        paths=PATHS,
        components={"schemas": SCHEMAS, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    )


if __name__ == "__main__":
    if os.environ.get("LAB_SEED") == "1":
        seed()
    print("ready", flush=True)
    serve(app, host=os.environ.get("HOST", "127.0.0.1"), port=int(os.environ.get("PORT", "5000")), threads=8)
