"""Harbour: documents, tasks and projects for small organisations.

Flask, SQLAlchemy 2 and JWT. One of two twins that differ only in how callers are matched with what they ask for; the README
beside them tells the story. For learning and testing on one's own machine.
"""

import os
import secrets
import tempfile
import uuid
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import jwt
from flask import Flask, g, request
from flask_smorest import Api, Blueprint, abort
from flask_sqlalchemy import SQLAlchemy
from marshmallow import EXCLUDE, RAISE, Schema, fields, validate
from sqlalchemy import ForeignKey, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship
from waitress import create_server
from werkzeug.security import check_password_hash, generate_password_hash


def database_url():
    url = os.environ.get('DATABASE_URL')
    if url is None:
        return f'sqlite:///{tempfile.mkdtemp()}/harbour.db'
    return url.replace('postgresql://', 'postgresql+psycopg://', 1)


app = Flask(__name__)
app.config.update(
    SQLALCHEMY_DATABASE_URI=database_url(),
    API_TITLE='Harbour',
    API_VERSION='2.3.0',
    OPENAPI_VERSION='3.0.3',
    OPENAPI_URL_PREFIX='/',
    OPENAPI_JSON_PATH='openapi.json',
    API_SPEC_OPTIONS={'security': [{'bearer': []}]},
    JWT_SECRET=os.environ.get('JWT_SECRET') or secrets.token_hex(32),
    ACCESS_LIFETIME=timedelta(minutes=10),
    REFRESH_LIFETIME=timedelta(days=7),
)
db = SQLAlchemy(app)
api = Api(app)
api.spec.components.security_scheme('bearer', {'type': 'http', 'scheme': 'bearer', 'bearerFormat': 'JWT'})
auth = Blueprint('auth', __name__, url_prefix='/api/auth')
public = Blueprint('public', __name__, url_prefix='/api')
members = Blueprint('members', __name__, url_prefix='/api')


# Tables


class Organisation(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    plan: Mapped[str] = mapped_column(default='starter')


class User(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str | None]
    role: Mapped[str] = mapped_column(default='member')
    password_hash: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))
    organisation: Mapped[Organisation] = relationship()


class Document(db.Model):
    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: str(uuid.uuid4()))
    title: Mapped[str]
    body: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey(User.id))


class Share(db.Model):
    document_id: Mapped[str] = mapped_column(ForeignKey(Document.id, ondelete='CASCADE'), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), primary_key=True)


class Task(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    notes: Mapped[str | None]
    done: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int] = mapped_column(ForeignKey(User.id))


class Project(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    brief: Mapped[str | None]
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))


class Label(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey(User.id))


class Activity(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str]
    who: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id))


class Article(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    contact_email: Mapped[str | None]
    author_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    author: Mapped[User] = relationship()


class Template(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    pages: Mapped[int]


class Webinar(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    token: Mapped[str]


# What requests and answers look like


class Registration(Schema):
    email = fields.Email(required=True)
    password = fields.String(required=True, validate=validate.Length(min=8))
    name = fields.String(required=True)
    organisation = fields.String(required=True)


class LogIn(Schema):
    email = fields.Email(required=True)
    password = fields.String(required=True)
    scope = fields.String(validate=validate.OneOf(['read write', 'read']), load_default='read write')


class RefreshToken(Schema):
    refresh_token = fields.String(required=True)


class Tokens(Schema):
    access_token = fields.String()
    refresh_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer()


class OrganisationView(Schema):
    id = fields.Integer()
    name = fields.String()
    plan = fields.String()


class Profile(Schema):
    id = fields.Integer()
    name = fields.String()
    email = fields.Email()
    phone = fields.String(allow_none=True)
    role = fields.String()
    organisation_id = fields.Integer()


class ProfileChange(Schema):
    # remedy: property-assignment: Refuse properties that the schema does not name
    # The schema is the list of what a caller may set. Whatever else a request holds, such as a role, is refused before the view runs.
    class Meta:
        unknown = RAISE

    # end remedy
    name = fields.String()
    phone = fields.String()


class Member(Schema):
    id = fields.Integer()
    name = fields.String()
    email = fields.Email()


class DocumentBody(Schema):
    title = fields.String(required=True)
    body = fields.String(required=True)


class DocumentView(DocumentBody):
    id = fields.UUID()


class TaskBody(Schema):
    title = fields.String(required=True)
    notes = fields.String()
    done = fields.Boolean()


class TaskChange(Schema):
    title = fields.String()
    notes = fields.String()
    done = fields.Boolean()


class TaskView(TaskBody):
    id = fields.Integer()


class ProjectBody(Schema):
    name = fields.String(required=True)
    brief = fields.String()


class ProjectView(ProjectBody):
    id = fields.Integer()


class LabelBody(Schema):
    text = fields.String(required=True)


class LabelView(LabelBody):
    id = fields.Integer()


class ActivityView(Schema):
    id = fields.Integer()
    what = fields.String()
    who = fields.Email()


class ArticleBody(Schema):
    title = fields.String(required=True)
    text = fields.String(required=True)
    contact_email = fields.Email(allow_none=True)


class ArticleView(ArticleBody):
    id = fields.Integer()
    links = fields.Dict(keys=fields.String(), values=fields.String())


class TemplateView(Schema):
    id = fields.Integer()
    name = fields.String()
    pages = fields.Integer()


class WebinarView(Schema):
    id = fields.Integer()
    title = fields.String()
    token = fields.String(metadata={'description': 'Printed on the poster: whoever has it may join.'})


class SearchQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    q = fields.String(load_default='')


class SearchResult(Schema):
    query = fields.String()
    hits = fields.List(fields.Nested(TemplateView))


class OrganisationHeader(Schema):
    class Meta:
        unknown = EXCLUDE

    organisation_id = fields.Integer(data_key='X-Org-Id')


class Seats(Schema):
    organisations = fields.Integer()
    seats = fields.Integer()
    starter = fields.Integer()


class Outcome(Schema):
    ok = fields.Boolean()


# Who is calling


def issue(user, scope):
    def token(kind, lifetime):
        now = datetime.now(timezone.utc)
        claims = {'sub': str(user.id), 'typ': kind, 'scope': scope, 'iat': now, 'exp': now + lifetime, 'jti': secrets.token_hex(8)}
        return jwt.encode(claims, app.config['JWT_SECRET'], algorithm='HS256')

    return {
        'access_token': token('access', app.config['ACCESS_LIFETIME']),
        'refresh_token': token('refresh', app.config['REFRESH_LIFETIME']),
        'token_type': 'Bearer',
        'expires_in': int(app.config['ACCESS_LIFETIME'].total_seconds()),
    }


def claims_of(token, kind):
    try:
        claims = jwt.decode(token, app.config['JWT_SECRET'], algorithms=['HS256'])
    except jwt.InvalidTokenError:
        abort(401, message='The token is not valid.')
    if claims['typ'] != kind:
        abort(401, message='The token is not valid.')
    return claims


@members.before_request
def authenticate():
    scheme, _, token = request.headers.get('Authorization', '').partition(' ')
    if scheme.lower() != 'bearer' or not token:
        abort(401, message='A bearer token is required.')
    claims = claims_of(token, 'access')
    g.user = db.session.get(User, int(claims['sub']))
    if g.user is None:
        abort(401, message='The token is not valid.')
    # remedy: scope-not-checked: Check the scope of the token before all views
    # A token is worth no more than the scope it was issued with, whoever holds it. The check stands before all views, so that a
    # new one cannot forget it.
    needed = 'read' if request.method in ('GET', 'HEAD', 'OPTIONS') else 'write'
    if needed not in claims['scope'].split():
        abort(403, message=f'The token lacks the scope "{needed}".')
    # end remedy


def require_member(organisation_id):
    if g.user.organisation_id != organisation_id:
        abort(403, message='You are not a member of this organisation.')


def load_document(document_id):
    # remedy: foreign-object-read: Query for the document and the right to read it together
    # A UUID is hard to guess and no permission: whoever learns one must still be let in by the data. The query asks for the
    # document and the right to read it together, so "not yours" and "not there" are one answer.
    try:
        document_id = str(uuid.UUID(document_id))
    except ValueError:
        abort(400, message='This is not the id of a document.')
    shared = select(Share.document_id).where(Share.user_id == g.user.id)
    allowed = or_(Document.owner_id == g.user.id, Document.id.in_(shared))
    document = db.session.scalar(select(Document).where(Document.id == document_id, allowed))
    # end remedy
    if document is None:
        abort(404, message='There is no such document.')
    return document


def note_activity(what):
    db.session.add(Activity(what=what, who=g.user.email, organisation_id=g.user.organisation_id))


@auth.post('/register')
@auth.doc(security=[])
@auth.arguments(Registration)
@auth.response(201, Profile)
def register(data):
    """Register with a new organisation"""
    user = User(
        email=data['email'].lower(),
        name=data['name'],
        password_hash=generate_password_hash(data['password']),
        organisation=Organisation(name=data['organisation']),
    )
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        abort(409, message='This address is registered already.')
    welcome = db.session.scalar(select(Document).where(Document.title == 'Welcome to Harbour'))
    if welcome is not None:
        db.session.add(Share(document_id=welcome.id, user_id=user.id))
    db.session.commit()
    return user


@auth.post('/login')
@auth.doc(security=[])
@auth.arguments(LogIn)
@auth.response(200, Tokens)
def log_in(data):
    """Log in

    With `"scope": "read"` the tokens are for reading only, as a dashboard or a script would ask for.
    """
    user = db.session.scalar(select(User).where(User.email == data['email'].lower()))
    if user is None or not check_password_hash(user.password_hash, data['password']):
        abort(401, message='Wrong e-mail or password.')
    return issue(user, data['scope'])


@auth.post('/refresh')
@auth.doc(security=[])
@auth.arguments(RefreshToken)
@auth.response(200, Tokens)
def refresh(data):
    """Exchange a refresh token for new tokens"""
    claims = claims_of(data['refresh_token'], 'refresh')
    user = db.session.get(User, int(claims['sub']))
    if user is None:
        abort(401, message='The token is not valid.')
    return issue(user, claims['scope'])


# People and organisations


@members.get('/me')
@members.response(200, Profile)
def me():
    """Who am I"""
    return g.user


@members.get('/users/<int:user_id>/profile')
@members.response(200, Profile)
def read_profile(user_id):
    """Read a profile"""
    # remedy: foreign-object-read: Compare the id of the path with the token
    # The id in the path is a wish, the token says who is calling. They are compared before anything is loaded, and every other
    # id is answered alike, whether somebody has it or not.
    if user_id != g.user.id:
        abort(404)
    return g.user
    # end remedy


@members.patch('/users/<int:user_id>/profile')
@members.arguments(ProfileChange)
@members.response(200, Profile)
def change_profile(data, user_id):
    """Change a profile"""
    # remedy: foreign-object-change: Change the row of the caller
    # What is changed is the caller's own row, taken from the token. The id in the path can only agree with it or be refused.
    if user_id != g.user.id:
        abort(404)
    user = g.user
    # end remedy
    for name, value in data.items():
        setattr(user, name, value)
    db.session.commit()
    return user


@members.get('/orgs')
@members.response(200, OrganisationView(many=True))
def list_organisations():
    """List my organisations"""
    return [g.user.organisation]


@members.get('/orgs/<int:org_id>')
@members.response(200, OrganisationView)
def read_organisation(org_id):
    """Read an organisation"""
    require_member(org_id)
    return g.user.organisation


@members.get('/orgs/<int:org_id>/members')
@members.response(200, Member(many=True))
def list_members(org_id):
    """List the members of an organisation"""
    # remedy: foreign-collection-read: Check the membership before the list is read
    # Filtering by the organisation in the path only selects; it does not ask whether the caller belongs to it. Membership is
    # checked first, and an organisation that does not exist is refused in the same words.
    require_member(org_id)
    # end remedy
    return db.session.scalars(select(User).where(User.organisation_id == org_id).order_by(User.id))


@members.get('/orgs/<int:org_id>/projects')
@members.response(200, ProjectView(many=True))
def list_projects(org_id):
    """List the projects of an organisation"""
    require_member(org_id)
    return db.session.scalars(select(Project).where(Project.organisation_id == org_id).order_by(Project.id))


@members.post('/orgs/<int:org_id>/projects')
@members.arguments(ProjectBody)
@members.response(201, ProjectView)
def create_project(data, org_id):
    """Create a project"""
    require_member(org_id)
    project = Project(organisation_id=org_id, name=data['name'], brief=data.get('brief'))
    db.session.add(project)
    db.session.commit()
    return project


@members.get('/orgs/<int:org_id>/projects/<int:project_id>')
@members.response(200, ProjectView)
def read_project(org_id, project_id):
    """Read a project"""
    require_member(org_id)
    # remedy: foreign-object-read: Put the parent id and the child id into one query
    # Membership of the organisation in the path says nothing about the project behind it. Both ids go into one query, so that a
    # project is only found inside the organisation that was checked.
    return db.first_or_404(select(Project).where(Project.id == project_id, Project.organisation_id == org_id))
    # end remedy


@members.delete('/orgs/<int:org_id>/projects/<int:project_id>')
@members.response(204)
def delete_project(org_id, project_id):
    """Delete a project"""
    require_member(org_id)
    project = db.first_or_404(select(Project).where(Project.id == project_id, Project.organisation_id == org_id))
    db.session.delete(project)
    db.session.commit()


@members.get('/activity')
@members.arguments(OrganisationHeader, location='headers')
@members.response(200, ActivityView(many=True))
def list_activity(headers):
    """List what happened in an organisation, mine unless X-Org-Id names another"""
    organisation_id = headers.get('organisation_id', g.user.organisation_id)
    # remedy: tenant-header-trusted: Check a tenant header against the membership
    # A header is written by the caller and can only choose among the organisations that the caller belongs to. It is checked
    # against the stored membership before it reaches a query.
    require_member(organisation_id)
    # end remedy
    return db.session.scalars(select(Activity).where(Activity.organisation_id == organisation_id).order_by(Activity.id))


# Documents, named by UUID


@members.get('/documents')
@members.response(200, DocumentView(many=True))
def list_documents():
    """List my documents and those shared with me"""
    shared = select(Share.document_id).where(Share.user_id == g.user.id)
    return db.session.scalars(
        select(Document).where(or_(Document.owner_id == g.user.id, Document.id.in_(shared))).order_by(Document.title)
    )


@members.post('/documents')
@members.arguments(DocumentBody)
@members.response(201, DocumentView)
def create_document(data):
    """Create a document"""
    document = Document(owner_id=g.user.id, title=data['title'], body=data['body'])
    db.session.add(document)
    note_activity('created a document')
    db.session.commit()
    return document


@members.get('/documents/<document_id>')
@members.response(200, DocumentView)
def read_document(document_id):
    """Read a document"""
    return load_document(document_id)


@members.put('/documents/<document_id>')
@members.arguments(DocumentBody)
@members.response(200, DocumentView)
def change_document(data, document_id):
    """Change a document"""
    document = load_document(document_id)
    if document.owner_id != g.user.id:
        abort(404, message='There is no such document.')
    document.title, document.body = data['title'], data['body']
    db.session.commit()
    return document


@members.delete('/documents/<document_id>')
@members.response(204)
def delete_document(document_id):
    """Delete a document"""
    # remedy: foreign-object-delete: Ask for the owner before deleting what is shared
    # To delete takes more than to read: those with whom a document is shared may not. The refusal is the one for a document that
    # is not there.
    document = load_document(document_id)
    if document.owner_id != g.user.id:
        abort(404, message='There is no such document.')
    db.session.delete(document)
    # end remedy
    note_activity('deleted a document')
    db.session.commit()


# Tasks, numbered


@members.get('/tasks')
@members.response(200, TaskView(many=True))
def list_tasks():
    """List my tasks"""
    return db.session.scalars(select(Task).where(Task.owner_id == g.user.id).order_by(Task.id))


@members.post('/tasks')
@members.arguments(TaskBody)
@members.response(201, TaskView)
def create_task(data):
    """Create a task"""
    task = Task(owner_id=g.user.id, title=data['title'], notes=data.get('notes'), done=data.get('done', False))
    db.session.add(task)
    note_activity('created a task')
    db.session.commit()
    return task


@members.get('/tasks/<int:task_id>')
@members.response(200, TaskView)
def read_task(task_id):
    """Read a task"""
    # remedy: foreign-object-read: Put the owner into the query
    # Numbers can be counted through, so the owner belongs in the query itself. A task of somebody else is then not found, like
    # one that never was.
    return db.first_or_404(select(Task).where(Task.id == task_id, Task.owner_id == g.user.id))
    # end remedy


@members.patch('/tasks/<int:task_id>')
@members.arguments(TaskChange)
@members.response(200, TaskView)
def change_task(data, task_id):
    """Change a task"""
    # remedy: foreign-object-change: Load the row to change by id and owner
    # Writing is bound to the owner by the same query as reading. No verb has a way of its own to load a task.
    task = db.first_or_404(select(Task).where(Task.id == task_id, Task.owner_id == g.user.id))
    # end remedy
    for name, value in data.items():
        setattr(task, name, value)
    db.session.commit()
    return task


@members.delete('/tasks/<int:task_id>')
@members.response(204)
def delete_task(task_id):
    """Delete a task"""
    task = db.first_or_404(select(Task).where(Task.id == task_id, Task.owner_id == g.user.id))
    db.session.delete(task)
    db.session.commit()


# Labels: a change to a label of somebody else touches no row, and the answer does not say so


@members.get('/labels')
@members.response(200, LabelView(many=True))
def list_labels():
    """List my labels"""
    return db.session.scalars(select(Label).where(Label.owner_id == g.user.id).order_by(Label.id))


@members.post('/labels')
@members.arguments(LabelBody)
@members.response(201, LabelView)
def create_label(data):
    """Create a label"""
    label = Label(owner_id=g.user.id, text=data['text'])
    db.session.add(label)
    db.session.commit()
    return label


@members.get('/labels/<int:label_id>')
@members.response(200, LabelView)
def read_label(label_id):
    """Read a label"""
    return db.first_or_404(select(Label).where(Label.id == label_id, Label.owner_id == g.user.id))


@members.put('/labels/<int:label_id>')
@members.arguments(LabelBody)
@members.response(200, Outcome)
def change_label(data, label_id):
    """Change a label"""
    db.session.execute(update(Label).where(Label.id == label_id, Label.owner_id == g.user.id).values(text=data['text']))
    db.session.commit()
    return {'ok': True}


# For administrators


@members.get('/admin/users')
@members.response(200, Profile(many=True))
def list_users():
    """List all users (administrators only)"""
    if g.user.role != 'admin':
        abort(403, message='Administrators only.')
    return db.session.scalars(select(User).order_by(User.id))


@members.get('/reports/seats')
@members.response(200, Seats)
def report_seats():
    """Seats sold, over all organisations (administrators only)"""
    # remedy: privileged-operation-open: Read the role from the stored user in the view
    # A description that says "administrators only" keeps nobody out. The role is read from the stored user, not from the token,
    # so that it ends when it is taken away.
    if g.user.role != 'admin':
        abort(403, message='Administrators only.')
    # end remedy
    organisations = db.session.scalars(select(Organisation)).all()
    seats = db.session.scalars(select(User.id)).all()
    starter = [organisation for organisation in organisations if organisation.plan == 'starter']
    return {'organisations': len(organisations), 'seats': len(seats), 'starter': len(starter)}


@members.get('/search')
@members.arguments(SearchQuery, location='query')
@members.response(200, SearchResult)
def search(query):
    """Search the templates"""
    hits = db.session.scalars(select(Template).where(Template.name.icontains(query['q'], autoescape=True)).order_by(Template.id))
    return {'query': query['q'], 'hits': hits.all()}


# Open to everybody


def article_view(article):
    return SimpleNamespace(
        id=article.id,
        title=article.title,
        text=article.text,
        contact_email=article.contact_email,
        # remedy: raw-id-in-link: Leave ids of private records out of public links
        # A link to a private record hands its id to every reader of a public page. What readers may follow is linked, and nothing else.
        links={'self': f'/api/articles/{article.id}'},
        # end remedy
    )


@public.get('/articles')
@public.doc(security=[])
@public.response(200, ArticleView(many=True))
def list_articles():
    """List the articles"""
    return [article_view(article) for article in db.session.scalars(select(Article).order_by(Article.id))]


@public.get('/articles/<int:article_id>')
@public.doc(security=[])
@public.response(200, ArticleView)
def read_article(article_id):
    """Read an article"""
    return article_view(db.get_or_404(Article, article_id))


@members.post('/articles')
@members.arguments(ArticleBody)
@members.response(201, ArticleView)
def create_article(data):
    """Publish an article, with an address for readers if you like"""
    article = Article(author_id=g.user.id, title=data['title'], text=data['text'], contact_email=data.get('contact_email'))
    db.session.add(article)
    db.session.commit()
    return article_view(article)


def own_article(article_id):
    article = db.get_or_404(Article, article_id)
    if article.author_id != g.user.id:
        abort(403, message='Only its author may change an article.')
    return article


@members.put('/articles/<int:article_id>')
@members.arguments(ArticleBody)
@members.response(200, ArticleView)
def change_article(data, article_id):
    """Change an article"""
    article = own_article(article_id)
    article.title, article.text, article.contact_email = data['title'], data['text'], data.get('contact_email')
    db.session.commit()
    return article_view(article)


@members.delete('/articles/<int:article_id>')
@members.response(204)
def delete_article(article_id):
    """Take an article back"""
    db.session.delete(own_article(article_id))
    db.session.commit()


@public.get('/templates')
@public.doc(security=[])
@public.response(200, TemplateView(many=True))
def list_templates():
    """List the templates"""
    return db.session.scalars(select(Template).order_by(Template.id))


@public.get('/templates/<int:template_id>')
@public.doc(security=[])
@public.response(200, TemplateView)
def read_template(template_id):
    """Read a template"""
    return db.get_or_404(Template, template_id)


@public.get('/webinars')
@public.doc(security=[])
@public.response(200, WebinarView(many=True))
def list_webinars():
    """List the webinars, with the token to join each"""
    return db.session.scalars(select(Webinar).order_by(Webinar.id))


@public.get('/help/<topic>')
@public.doc(security=[])
@public.response(200)
def read_help(topic):
    """Read a page of the manual"""
    pages = {'sharing': 'Open a document and choose whom to share it with.', 'tasks': 'A task is yours alone.'}
    if topic not in pages:
        return {'error': 'There is no such page.'}
    return {'topic': topic, 'text': pages[topic]}


for blueprint in (auth, public, members):
    api.register_blueprint(blueprint)


# The fixture


def seed():
    db.drop_all()
    db.create_all()
    lighthouse, tidewater = Organisation(name='Lighthouse Studio', plan='team'), Organisation(name='Tidewater Freight')

    def person(name, email, password, organisation, **more):
        return User(name=name, email=email, password_hash=generate_password_hash(password), organisation=organisation, **more)

    ada = person('Ada Brandt', 'ada@lighthouse.example', 'correct-horse-7', lighthouse, phone='+4940555017')
    ben = person('Ben Okafor', 'ben@tidewater.example', 'battery-staple-9', tidewater, phone='+4940555023')
    root = person('Harbour Office', 'office@harbour.example', 'harbour-master-1', Organisation(name='Harbour'), role='admin')
    db.session.add_all([ada, ben, root])
    db.session.flush()
    welcome = Document(title='Welcome to Harbour', body='Start with a document, then share it.', owner_id=root.id)
    joint = Document(title='Joint offer for the museum', body='Half each, invoice in May.', owner_id=ada.id)
    db.session.add_all([
        welcome,
        joint,
        Document(title='Salaries 2026', body='Ada 61,200; trainee 19,800', owner_id=ada.id),
        Document(title='Berth negotiations', body='Do not go above 14,500 per month', owner_id=ben.id),
        Task(title='Call the tax office', notes='Reference 77/1044', owner_id=ada.id),
        Task(title='Replace the crane rope', notes='Supplier offers 9 per cent', owner_id=ben.id),
        Project(name='Museum signage', brief='Forty panels, two languages', organisation_id=lighthouse.id),
        Project(name='Night ferry', brief='Trial run in October', organisation_id=tidewater.id),
        Label(text='urgent-lighthouse', owner_id=ada.id),
        Label(text='customs-cleared', owner_id=ben.id),
        Activity(what='signed the museum contract', who=ada.email, organisation_id=lighthouse.id),
        Activity(what='dismissed the night watch', who=ben.email, organisation_id=tidewater.id),
        Article(title='How we name files', text='Date first.', contact_email='ada@lighthouse.example', author_id=ada.id),
        Article(title='Ten years of ferries', text='A short history.', author_id=ben.id),
        *[Template(name=name, pages=pages) for name, pages in (('Offer', 2), ('Minutes', 1), ('Handbook', 40))],
        Webinar(title='First steps', token='first-steps-spring'),
    ])
    db.session.flush()
    db.session.add_all(Share(document_id=welcome.id, user_id=user.id) for user in (ada, ben))
    db.session.add(Share(document_id=joint.id, user_id=ben.id))
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
