"""Fieldnotes: private posts, shared lists and public guides of people who watch birds.

Flask, boto3 and DynamoDB. One of two twins that differ only in whose keys a request may name; the README beside them tells the
story. For learning and testing on one's own machine.
"""

import hashlib
import os
import re
import secrets
import threading
import time
import uuid
from decimal import Decimal
from functools import wraps
from pathlib import Path

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError
from flask import Flask, abort, g, jsonify, request, send_file
from waitress import create_server
from werkzeug.exceptions import HTTPException
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
SESSION_SECONDS = 8 * 3600
PREFIX = os.environ.get('TABLE_PREFIX', 'fieldnotes-')
# Table → its key, each part with the type of its values.
TABLES = {
    'users': {'user_id': 'S'},
    'sessions': {'digest': 'S'},
    'posts': {'user_id': 'S', 'post_id': 'S'},
    'activity': {'user_id': 'S', 'entry_id': 'S'},
    'alerts': {'user_id': 'S', 'alert_id': 'S'},
    'lists': {'list_id': 'S'},
    'guides': {'guide_id': 'S'},
    'catalogue': {'kind': 'S', 'number': 'N'},
}
BY_TOPIC = 'by-topic'
local = threading.local()


def database():
    """One resource per thread: boto3's are not made for sharing."""
    if not hasattr(local, 'database'):
        endpoint = os.environ.get('DYNAMODB_ENDPOINT')
        on_loopback = {'aws_access_key_id': 'local', 'aws_secret_access_key': 'local'} if endpoint else {}
        region = os.environ.get('AWS_REGION', 'eu-central-1')
        local.database = boto3.session.Session().resource('dynamodb', endpoint_url=endpoint, region_name=region, **on_loopback)
    return local.database


def table(name):
    return database().Table(PREFIX + name)


def item_of(name, **key):
    return table(name).get_item(Key=key).get('Item')


def plain(value):
    """What DynamoDB returns, with numbers that JSON knows."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, set)) else value


def body(*required):
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        abort(400, 'Send a JSON object')
    for name in required:
        if not isinstance(data.get(name), str) or not data[name].strip():
            abort(400, f"'{name}' is required")
    return data


@app.errorhandler(HTTPException)
def refuse(error):
    return jsonify(error=error.description), error.code


# Who is calling


def digest_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in(handler):
    @wraps(handler)
    def guarded(**values):
        scheme, _, token = request.headers.get('Authorization', '').partition(' ')
        session = item_of('sessions', digest=digest_of(token)) if scheme == 'Bearer' and token else None
        if session is None or session['expires_at'] < time.time():
            abort(401, 'Sign in first')
        g.user = item_of('users', user_id=session['user_id'])
        if g.user is None:
            abort(401, 'Sign in first')
        g.user_id = g.user['user_id']
        return handler(**values)

    return guarded


# remedy: foreign-object-read: Compare the partition key with the session in one canonical form
# A partition key from the path is a wish; the one from the session is a fact. They are compared in one canonical form before
# DynamoDB is asked, and an address that nobody has is refused like one that somebody has.
def require_self(user_id):
    canonical = user_id.strip().lower()
    if not re.fullmatch(r'[a-z0-9._+@-]{3,254}', canonical) or canonical != g.user_id:
        abort(403, 'Unauthorized')


# end remedy


def log_activity(text):
    table('activity').put_item(Item={'user_id': g.user_id, 'entry_id': f'{time.time_ns()}', 'text': text})


@app.post('/api/register')
def register():
    data = body('email', 'password', 'display_name')
    email, password = data.pop('email').strip().lower(), data.pop('password')
    user = {
        # remedy: property-assignment: Build the item for put_item name by name
        # put_item stores whatever it is given, so the item is built name by name. What the server decides, such as the role, has
        # no place in the request.
        'role': 'member',
        'display_name': data['display_name'],
        # end remedy
        'user_id': email,
        'password_hash': generate_password_hash(password),
    }
    try:
        table('users').put_item(Item=user, ConditionExpression='attribute_not_exists(user_id)')
    except ClientError as error:
        if error.response['Error']['Code'] != 'ConditionalCheckFailedException':
            raise
        abort(409, 'There is an account with this address')
    table('lists').update_item(
        Key={'list_id': 'county-list'}, UpdateExpression='ADD members :me', ExpressionAttributeValues={':me': {email}}
    )
    return jsonify(user_id=email, display_name=user['display_name']), 201


@app.post('/api/login')
def log_in():
    data = body('email', 'password')
    user = item_of('users', user_id=data['email'].strip().lower())
    if user is None or not check_password_hash(user['password_hash'], data['password']):
        abort(401, 'Wrong address or password')
    token = secrets.token_urlsafe(32)
    session = {'digest': digest_of(token), 'user_id': user['user_id'], 'expires_at': int(time.time()) + SESSION_SECONDS}
    table('sessions').put_item(Item=session)
    return jsonify(token=token, expires_in=SESSION_SECONDS)


@app.post('/api/logout')
@signed_in
def log_out():
    table('sessions').delete_item(Key={'digest': digest_of(request.headers['Authorization'].partition(' ')[2])})
    return '', 204


# Profiles: the address is the key


@app.get('/api/profile')
@signed_in
def read_own_profile():
    return jsonify({name: g.user.get(name) for name in ('user_id', 'display_name', 'bio', 'theme', 'role')})


@app.put('/api/profile')
@signed_in
def change_own_profile():
    data = body()
    # remedy: property-assignment: Make the update expression from a fixed list of attributes
    # The update expression is made from a fixed list of attributes and never from the names in the request. When none of them is
    # there, nothing is sent to DynamoDB.
    data = {name: data[name] for name in ('display_name', 'bio', 'theme') if isinstance(data.get(name), str)}
    # end remedy
    if not data:
        abort(400, 'Nothing to change')
    names = {f'#{place}': name for place, name in enumerate(data)}
    table('users').update_item(
        Key={'user_id': g.user_id},
        UpdateExpression='SET ' + ', '.join(f'#{place} = :{place}' for place in range(len(data))),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={f':{place}': value for place, value in enumerate(data.values())},
    )
    return jsonify(status='ok')


@app.get('/api/users/<user_id>')
@signed_in
def read_profile(user_id):
    # remedy: foreign-object-read: Let get_item name only the partition of the caller
    # get_item finds any partition whose key it is told. The caller's own is the only one that this view may name.
    require_self(user_id)
    # end remedy
    # remedy: sensitive-property-returned: Name the attributes that leave the table in a projection
    # A stored item holds more than its owner should see, the password hash first of all. The projection names what leaves the
    # database, so that an attribute added later stays inside.
    profile = table('users').get_item(
        Key={'user_id': g.user_id},
        ProjectionExpression='user_id, display_name, bio, theme, phone, #role',
        ExpressionAttributeNames={'#role': 'role'},
    )['Item']
    return jsonify(plain(profile))
    # end remedy


@app.get('/api/users/<user_id>/posts')
@signed_in
def list_posts_of(user_id):
    # remedy: foreign-collection-read: Query only the partition of the caller
    # A query by partition returns everything that one account has, so the partition must be the caller's. It is compared with the
    # session before the query, and filtering afterwards would be too late.
    require_self(user_id)
    # end remedy
    return jsonify(plain(table('posts').query(KeyConditionExpression=Key('user_id').eq(user_id))['Items']))


@app.get('/api/activity')
@signed_in
def list_activity():
    user_id = request.args.get('user_id', g.user_id)
    # remedy: foreign-collection-read: Query the own partition instead of scanning and filtering
    # A scan reads the entries of everybody and leaves it to the request which of them are shown. A query on the caller's own
    # partition cannot return anything else, and reads less.
    require_self(user_id)
    entries = table('activity').query(KeyConditionExpression=Key('user_id').eq(g.user_id))['Items']
    # end remedy
    return jsonify([{'entry_id': entry['entry_id'], 'text': entry['text']} for entry in entries])


# Posts: private, named by their author and an id


@app.get('/api/posts')
@signed_in
def list_own_posts():
    return jsonify(plain(table('posts').query(KeyConditionExpression=Key('user_id').eq(g.user_id))['Items']))


@app.post('/api/posts')
@signed_in
def create_post():
    data = body('title', 'text', 'topic')
    post = {'user_id': g.user_id, 'post_id': uuid.uuid4().hex, **{name: data[name] for name in ('title', 'text', 'topic')}}
    table('posts').put_item(Item=post)
    log_activity(f'wrote "{post["title"]}"')
    return jsonify(post), 201


@app.get('/api/users/<user_id>/posts/<post_id>')
@signed_in
def read_post(user_id, post_id):
    # remedy: foreign-object-read: Bind the owner half of a composite key to the caller
    # Both halves of a composite key came from the path, so knowing them was enough. The half that names the owner has to be the
    # caller.
    require_self(user_id)
    # end remedy
    post = item_of('posts', user_id=user_id, post_id=post_id)
    if post is None:
        abort(404, 'Not found')
    return jsonify(plain(post))


@app.put('/api/users/<user_id>/posts/<post_id>')
@signed_in
def change_post(user_id, post_id):
    data = body('title', 'text', 'topic')
    # remedy: foreign-object-change: Compare the owner before put_item and write named attributes
    # put_item replaces an item under any key, with any attributes. The owner is compared first, and only named attributes of an
    # item that exists are written.
    require_self(user_id)
    if item_of('posts', user_id=g.user_id, post_id=post_id) is None:
        abort(404, 'Not found')
    post = {name: data[name] for name in ('title', 'text', 'topic')}
    table('posts').put_item(Item={**post, 'user_id': g.user_id, 'post_id': post_id})
    # end remedy
    return jsonify(status='ok')


@app.delete('/api/users/<user_id>/posts/<post_id>')
@signed_in
def delete_post(user_id, post_id):
    if user_id != g.user_id:
        abort(403, 'Unauthorized')
    table('posts').delete_item(Key={'user_id': user_id, 'post_id': post_id})
    return '', 204


@app.get('/api/topics/<topic>/posts')
@signed_in
def list_posts_by_topic(topic):
    # remedy: foreign-collection-read: Do not query an index that lacks the owner
    # An index whose key lacks the owner answers for all owners at once. The caller's partition is queried instead, and the topic
    # only narrows it.
    mine = Key('user_id').eq(g.user_id)
    posts = table('posts').query(KeyConditionExpression=mine, FilterExpression=Attr('topic').eq(topic))['Items']
    # end remedy
    return jsonify(plain(posts))


# Alerts: a change that names somebody else's meets a condition and is dropped without a word


@app.get('/api/alerts')
@signed_in
def list_alerts():
    return jsonify(table('alerts').query(KeyConditionExpression=Key('user_id').eq(g.user_id))['Items'])


@app.post('/api/alerts')
@signed_in
def create_alert():
    alert = {'user_id': g.user_id, 'alert_id': uuid.uuid4().hex, 'phrase': body('phrase')['phrase']}
    table('alerts').put_item(Item=alert)
    return jsonify(alert), 201


@app.get('/api/alerts/<alert_id>')
@signed_in
def read_alert(alert_id):
    alert = item_of('alerts', user_id=g.user_id, alert_id=alert_id)
    if alert is None:
        abort(404, 'Not found')
    return jsonify(alert)


@app.put('/api/alerts/<alert_id>')
@signed_in
def change_alert(alert_id):
    try:
        table('alerts').update_item(
            Key={'user_id': g.user_id, 'alert_id': alert_id},
            UpdateExpression='SET phrase = :phrase',
            ConditionExpression='attribute_exists(alert_id)',
            ExpressionAttributeValues={':phrase': body('phrase')['phrase']},
        )
    except ClientError as error:
        if error.response['Error']['Code'] != 'ConditionalCheckFailedException':
            raise
    return jsonify(status='ok')


@app.delete('/api/alerts/<alert_id>')
@signed_in
def delete_alert(alert_id):
    table('alerts').delete_item(Key={'user_id': g.user_id, 'alert_id': alert_id})
    return jsonify(status='ok')


# Lists belong to all of their members


def list_view(item):
    return {'list_id': item['list_id'], 'name': item['name'], 'sightings': plain(item['sightings'])}


@app.get('/api/lists')
@signed_in
def list_lists():
    return jsonify([list_view(item) for item in table('lists').scan()['Items'] if g.user_id in item['members']])


@app.get('/api/lists/<list_id>')
@signed_in
def read_list(list_id):
    item = item_of('lists', list_id=list_id)
    if item is None or g.user_id not in item['members']:
        abort(404, 'Not found')
    return jsonify(list_view(item))


# For administrators


def require_admin():
    if g.user['role'] != 'admin':
        abort(403, 'Administrators only')


@app.get('/api/admin/users')
@signed_in
def list_users():
    require_admin()
    return jsonify([{name: user.get(name) for name in ('user_id', 'display_name', 'role')} for user in table('users').scan()['Items']])


@app.get('/api/admin/users-count')
@signed_in
def count_users():
    # remedy: privileged-operation-open: Ask for the stored role in every view that needs it
    # "admin" in a path is a name and no check. The role stands in the stored user and is asked for in every view that needs it.
    require_admin()
    # end remedy
    return jsonify(count=table('users').scan(Select='COUNT')['Count'])


# Open to everybody


@app.get('/swagger.yaml')
def description():
    return send_file(Path(__file__).parent.parent / 'swagger.yaml', mimetype='application/yaml')


def guide_view(guide):
    return {name: guide.get(name) for name in ('guide_id', 'title', 'text', 'contact_email')}


def guide_fields():
    data = body('title', 'text')
    return {'title': data['title'], 'text': data['text'], 'contact_email': data.get('contact_email')}


@app.get('/api/guides')
def list_guides():
    return jsonify([guide_view(guide) for guide in table('guides').scan()['Items']])


@app.get('/api/guides/<guide_id>')
def read_guide(guide_id):
    guide = item_of('guides', guide_id=guide_id)
    if guide is None:
        abort(404, 'Not found')
    return jsonify(guide_view(guide))


def require_author(guide_id):
    guide = item_of('guides', guide_id=guide_id)
    if guide is None:
        abort(404, 'Not found')
    if guide['author_id'] != g.user_id:
        abort(403, 'Only its author may change a guide')


@app.post('/api/guides')
@signed_in
def create_guide():
    guide = {'guide_id': uuid.uuid4().hex, 'author_id': g.user_id, **guide_fields()}
    table('guides').put_item(Item=guide)
    return jsonify(guide_view(guide)), 201


@app.put('/api/guides/<guide_id>')
@signed_in
def change_guide(guide_id):
    require_author(guide_id)
    guide = {'guide_id': guide_id, 'author_id': g.user_id, **guide_fields()}
    table('guides').put_item(Item=guide)
    return jsonify(guide_view(guide))


@app.delete('/api/guides/<guide_id>')
@signed_in
def delete_guide(guide_id):
    require_author(guide_id)
    table('guides').delete_item(Key={'guide_id': guide_id})
    return '', 204


@app.get('/api/species')
def list_species():
    return jsonify(plain(table('catalogue').query(KeyConditionExpression=Key('kind').eq('species'))['Items']))


@app.get('/api/species/<int:number>')
def read_species(number):
    species = item_of('catalogue', kind='species', number=number)
    if species is None:
        abort(404, 'Not found')
    return jsonify(plain(species))


@app.get('/api/feeds')
def list_feeds():
    feeds = table('catalogue').query(KeyConditionExpression=Key('kind').eq('feed'))['Items']
    return jsonify([{'name': feed['name'], 'token': feed['token']} for feed in feeds])


@app.get('/api/places/<place>')
def read_place(place):
    places = {'saltmarsh': 'Best two hours after high water', 'quarry': 'Bring a scope'}
    if place not in places:
        return jsonify(status='error', message='There is no such place')
    return jsonify(status='ok', place=place, advice=places[place])


@app.post('/api/preview')
def preview():
    text = body('text')['text']
    return jsonify(text=text, words=len(text.split()))


# The fixture


def wait_until(name, state):
    """boto3's own waiters look every twenty seconds, which is long for a table that is there at once."""
    database().meta.client.get_waiter(state).wait(TableName=PREFIX + name, WaiterConfig={'Delay': 0.1, 'MaxAttempts': 600})


def create_table(name, index=None):
    key = TABLES[name]
    types = {**key, **(index or {})}
    secondary = [{
        'IndexName': BY_TOPIC,
        'KeySchema': [{'AttributeName': part, 'KeyType': kind} for part, kind in zip(index, ('HASH', 'RANGE'))],
        'Projection': {'ProjectionType': 'ALL'},
    }] if index else []
    database().create_table(
        TableName=PREFIX + name,
        KeySchema=[{'AttributeName': part, 'KeyType': kind} for part, kind in zip(key, ('HASH', 'RANGE'))],
        AttributeDefinitions=[{'AttributeName': part, 'AttributeType': kind} for part, kind in types.items()],
        BillingMode='PAY_PER_REQUEST',
        **({'GlobalSecondaryIndexes': secondary} if secondary else {}),
    )
    wait_until(name, 'table_exists')


def seed():
    existing = {found.name for found in database().tables.all()}
    for name in TABLES:
        if PREFIX + name in existing:
            table(name).delete()
            wait_until(name, 'table_not_exists')
        create_table(name, {'topic': 'S', 'post_id': 'S'} if name == 'posts' else None)
    ivy, omar, office = 'ivy@fieldnotes.example', 'omar@fieldnotes.example', 'office@fieldnotes.example'
    for email, name, password, role in (
        (ivy, 'Ivy Marsh', 'little-egret-4', 'member'),
        (omar, 'Omar Haddad', 'hen-harrier-8', 'member'),
        (office, 'The office', 'stone-curlew-1', 'admin'),
    ):
        table('users').put_item(Item={
            'user_id': email, 'display_name': name, 'role': role, 'bio': f'{name} likes mornings', 'phone': f'+44131555{len(name):04}',
            'password_hash': generate_password_hash(password),
        })
    for email, title, text, topic in (
        (ivy, 'Osprey on the north loch', 'Nest in the third pine; tell nobody', 'raptors'),
        (ivy, 'Wheatear, first of the year', 'By the upper gate', 'songbirds'),
        (omar, 'Harrier roost', 'Reeds behind the pump house, dusk', 'raptors'),
        (omar, 'Corncrake calling', 'Field of the Mackays, do not publish', 'waders'),
    ):
        table('posts').put_item(Item={'user_id': email, 'post_id': uuid.uuid4().hex, 'title': title, 'text': text, 'topic': topic})
        table('activity').put_item(Item={'user_id': email, 'entry_id': f'{time.time_ns()}', 'text': f'wrote "{title}"'})
    for email, phrase in ((ivy, 'white-tailed eagle'), (omar, 'quail, any county')):
        table('alerts').put_item(Item={'user_id': email, 'alert_id': uuid.uuid4().hex, 'phrase': phrase})
    county = {'list_id': 'county-list', 'name': 'County list', 'sightings': ['Avocet', 'Smew'], 'members': {ivy, omar}}
    table('lists').put_item(Item=county)
    for email, title, contact in ((ivy, 'Telling terns apart', ivy), (omar, 'Quiet boots', None)):
        guide = {'guide_id': uuid.uuid4().hex, 'author_id': email, 'title': title, 'text': 'Look twice.', 'contact_email': contact}
        table('guides').put_item(Item=guide)
    for number, name in enumerate(('Avocet', 'Bittern', 'Chough'), 1):
        table('catalogue').put_item(Item={'kind': 'species', 'number': number, 'name': name})
    table('catalogue').put_item(Item={'kind': 'feed', 'number': 1, 'name': 'Rare birds', 'token': 'rare-birds-public'})


if __name__ == '__main__':
    if os.environ.get('LAB_SEED') == '1':
        seed()
    server = create_server(app, host=os.environ.get('HOST', '127.0.0.1'), port=int(os.environ.get('PORT', '5000')), threads=8)
    print('ready', flush=True)
    server.run()
