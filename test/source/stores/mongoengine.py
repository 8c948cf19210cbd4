"""Choirs, their scores and their notes, as documents."""

from flask import Flask, abort, jsonify, request
from flask_login import current_user, login_required
from mongoengine import BooleanField, Document, EmbeddedDocument, EmbeddedDocumentListField, ListField, Q, ReferenceField, StringField
from mongoengine.errors import DoesNotExist
from mongoengine.queryset import QuerySet, queryset_manager

app = Flask(__name__)


class Singer(Document):
    name = StringField()


class Remark(EmbeddedDocument):
    text = StringField()


class Score(Document):
    title = StringField(required=True)
    singer = ReferenceField(Singer)
    helpers = ListField(ReferenceField(Singer))
    remarks = EmbeddedDocumentListField(Remark)
    done = BooleanField(default=False)

    meta = {'collection': 'scores', 'indexes': ['singer']}

    @queryset_manager
    def of_caller(doc_cls, queryset):
        return queryset.filter(singer=current_user.id)

    def shown(self):
        return {'id': str(self.id), 'title': self.title}


class Page(Document):
    score = ReferenceField(Score)
    text = StringField()


def me():
    return current_user.id


@app.post('/scores')
@login_required
def add():
    score = Score(title=str(request.json['title']), singer=current_user.id).save()
    return jsonify(score.shown()), 201


@app.get('/scores/<score_id>')
@login_required
def read(score_id):
    score = Score.objects(id=score_id).first()  # finding: bola-open-lookup
    return jsonify(score.shown())


@app.get('/scores/<score_id>/got')
@login_required
def read_got(score_id):
    try:
        score = Score.objects.get(id=score_id)  # finding: bola-open-lookup
    except DoesNotExist:
        abort(404)
    return jsonify(title=score.title)


@app.get('/scores/<score_id>/pk')
@login_required
def read_by_pk(score_id):
    score = Score.objects.with_id(score_id)  # finding: bola-open-lookup
    return jsonify(title=score.title)


@app.get('/scores/<score_id>/or-404')
@login_required
def read_or_404(score_id):
    return jsonify(title=Score.objects.get_or_404(pk=score_id).title)  # finding: bola-open-lookup


@app.get('/scores/<score_id>/indexed')
@login_required
def read_indexed(score_id):
    return jsonify(title=Score.objects(pk=score_id)[0].title)  # finding: bola-open-lookup


@app.get('/own/scores/<score_id>')
@login_required
def read_own(score_id):
    return jsonify(Score.objects.get_or_404(id=score_id, singer=current_user.id).shown())


@app.get('/own/scores/<score_id>/q')
@login_required
def read_own_q(score_id):
    score = Score.objects(Q(id=score_id) & (Q(singer=me()) | Q(helpers=me()))).first()
    return jsonify(score.shown())


@app.get('/scores/<score_id>/q')
@login_required
def read_q(score_id):
    score = Score.objects(Q(id=score_id) | Q(singer=me())).first()  # finding: bola-open-lookup
    return jsonify(score.shown())


@app.get('/own/scores/<score_id>/managed')
@login_required
def read_managed(score_id):
    return jsonify(Score.of_caller(id=score_id).first().shown())


@app.get('/own/scores/<score_id>/compared')
@login_required
def read_compared(score_id):
    score = Score.objects(id=score_id).first()
    if score is None or score.singer.id != current_user.id:
        abort(404)
    return jsonify(score.shown())


@app.get('/own/scores/<score_id>/chained')
@login_required
def read_chained(score_id):
    own = Score.objects(singer=me())
    return jsonify(own.filter(id=score_id).only('title').first().shown())


@app.get('/scores')
@login_required
def list_own():
    return jsonify([score.shown() for score in Score.objects(singer=me()).order_by('title')[:20]])


@app.get('/singers/<singer_id>/scores')
@login_required
def list_of_singer(singer_id):
    return jsonify([score.shown() for score in Score.objects(singer=singer_id)])  # finding: bola-open-lookup


@app.get('/scores/some')
@login_required
def list_some():
    return jsonify([score.shown() for score in Score.objects(id__in=request.args.getlist('id'))])  # finding: bola-open-lookup


@app.get('/scores/some/in-bulk')
@login_required
def list_in_bulk():
    found = Score.objects.in_bulk(request.args.getlist('id'))  # finding: bola-open-lookup
    return jsonify([score.shown() for score in found.values()])


@app.put('/scores/<score_id>')
@login_required
def change(score_id):
    score = Score.objects.get_or_404(id=score_id)  # finding: bola-open-lookup
    score.title = str(request.json['title'])
    score.save()
    return '', 204


@app.put('/scores/<score_id>/query')
@login_required
def change_by_query(score_id):
    Score.objects(id=score_id).update_one(set__title=str(request.json['title']))  # finding: bola-open-lookup
    return '', 204


@app.put('/scores/<score_id>/modified')
@login_required
def change_modified(score_id):
    score = Score.objects(id=score_id).modify(set__done=True, new=True)  # finding: bola-open-lookup
    return jsonify(score.shown())


@app.put('/scores/<score_id>/method')
@login_required
def change_by_method(score_id):
    score = Score.objects(id=score_id).first()  # finding: bola-open-lookup
    score.update(set__done=True)
    return '', 204


@app.put('/own/scores/<score_id>')
@login_required
def change_own(score_id):
    if not Score.objects(id=score_id, singer=me()).update_one(set__title=str(request.json['title'])):
        abort(404)
    return '', 204


@app.delete('/scores/<score_id>')
@login_required
def drop(score_id):
    Score.objects(id=score_id).delete()  # finding: bola-open-lookup
    return '', 204


@app.delete('/scores/<score_id>/loaded')
@login_required
def drop_loaded(score_id):
    Score.objects.get(id=score_id).delete()  # finding: bola-open-lookup
    return '', 204


@app.delete('/own/scores/<score_id>')
@login_required
def drop_own(score_id):
    Score.objects(id=score_id, singer=me()).delete()
    return '', 204


@app.post('/scores/<score_id>/remarks')
@login_required
def add_remark(score_id):
    Score.objects(id=score_id).update_one(push__remarks=Remark(text=str(request.json['text'])))  # finding: bola-open-lookup
    return '', 201


@app.post('/own/scores/<score_id>/remarks')
@login_required
def add_own_remark(score_id):
    score = Score.objects(id=score_id, singer=me()).first_or_404()
    score.remarks.append(Remark(text=str(request.json['text'])))
    score.save()
    return '', 201


@app.get('/scores/<score_id>/pages')
@login_required
def list_pages(score_id):
    return jsonify([page.text for page in Page.objects(score=score_id)])  # finding: bola-open-lookup


@app.get('/own/scores/<score_id>/pages')
@login_required
def list_own_pages(score_id):
    score = Score.objects(id=score_id, singer=me()).first()
    if score is None:
        abort(404)
    return jsonify([page.text for page in Page.objects(score=score)])


@app.get('/own/scores/<score_id>/pages/<page_id>')
@login_required
def read_page_of_any(score_id, page_id):
    if Score.objects(id=score_id, singer=me()).count() == 0:
        abort(404)
    return jsonify(text=Page.objects(id=page_id).first().text)  # finding: bola-child-not-bound


@app.get('/own/scores/<score_id>/pages/<page_id>/bound')
@login_required
def read_own_page(score_id, page_id):
    score = Score.objects(id=score_id, singer=me()).first_or_404()
    return jsonify(text=Page.objects(id=page_id, score=score).first_or_404().text)


@app.get('/own/pages/<page_id>')
@login_required
def read_page_up(page_id):
    page = Page.objects(id=page_id).first()
    if page is None or page.score.singer != me():
        abort(404)
    return jsonify(text=page.text)


@app.get('/scores/<score_id>/raw')
@login_required
def read_raw(score_id):
    found = Score._get_collection().find_one({'_id': score_id}, {'title': 1, '_id': 0})  # finding: bola-open-lookup
    return jsonify(found)


@app.get('/scores/<score_id>/aggregated')
@login_required
def aggregate(score_id):
    found = Page.objects(score=score_id).aggregate([{'$group': {'_id': '$score', 'pages': {'$sum': 1}}}])  # finding: bola-open-lookup
    return jsonify(list(found))


@app.get('/scores/<score_id>/exists')
@login_required
def exists(score_id):
    return jsonify(exists=Score.objects(id=score_id).count() > 0)
