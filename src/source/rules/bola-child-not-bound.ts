import { matchesOf } from './open-access.ts';
import { defineRule } from './rule.ts';

export default defineRule({
  id: 'bola-child-not-bound',
  category: 'bolaAuthorization',
  severity: 'high',
  docs: {
    title: 'The parent in the path is checked, and the child is looked up without it',
    risk: 'With a parent of their own, callers reach the children of all others.',
    remedy: 'Look the child up by its id and its parent together.',
    cwe: [639],
    owasp: 'API1:2023',
  },
  match: (run, app) => matchesOf(run, app, 'child'),
  examples: [
    `
from flask import Flask, abort, g, jsonify
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)

class Folder(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)

class Page(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    folder_id = db.Column(db.Integer)
    text = db.Column(db.String)

def own_folder(folder_id):
    folder = Folder.query.filter_by(id=folder_id, owner_id=g.user.id).first()
    if folder is None:
        abort(404)
    return folder

@app.get('/folders/<int:folder_id>/pages/<int:page_id>')
def read_page(folder_id, page_id):
    own_folder(folder_id)
    page = Page.query.filter_by(id=page_id).first_or_404()  # finding
    return jsonify(text=page.text)

@app.get('/bound/<int:folder_id>/pages/<int:page_id>')
def read_bound_page(folder_id, page_id):
    folder = own_folder(folder_id)
    page = Page.query.filter_by(id=page_id, folder_id=folder.id).first_or_404()  # ok
    return jsonify(text=page.text)
`,
  ],
});
