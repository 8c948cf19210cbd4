from quart import Quart, jsonify, request
from quart_auth import current_user, login_required
from flask_sqlalchemy import SQLAlchemy

app = Quart(__name__)
db = SQLAlchemy(app)


class Chart(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    owner_id = db.Column(db.Integer)
    title = db.Column(db.String)
    colours = db.Column(db.JSON)


class Charts:
    @classmethod
    def get_by_id(cls, chart_id):
        chart = Chart.query.filter_by(id=chart_id).first()
        if chart is None:
            return False, None
        return True, chart

    @classmethod
    def get_detail(cls, chart_id):
        return Chart.query.filter_by(id=chart_id).first()


async def in_thread(work, *args):
    return work(*args)


@app.get('/charts')
@login_required
async def list_charts():
    charts = Chart.query.filter_by(owner_id=current_user.id).all()
    return jsonify([chart.title for chart in charts])


@app.get('/charts/<int:chart_id>')
@login_required
async def read_chart(chart_id):
    found, chart = Charts.get_by_id(chart_id)
    if not found or chart.owner_id != current_user.id:
        return jsonify(error='no such chart'), 404
    return jsonify(title=chart.title)


@app.get('/charts/<int:chart_id>/colours')
@login_required
async def read_colours(chart_id):
    if (detail := Charts.get_detail(chart_id)) and detail.owner_id == current_user.id:
        return jsonify(colours=detail.colours)
    return jsonify(colours=[])


@app.post('/charts')
@login_required
async def create_chart():
    body = await request.get_json()
    body['owner_id'] = current_user.id
    chart = Chart(**{name: body[name] for name in ('title', 'colours', 'owner_id') if name in body})
    db.session.add(chart)
    db.session.commit()
    return jsonify(id=chart.id), 201


@app.put('/charts/<int:chart_id>')
@login_required
async def change_chart(chart_id):
    chart = await in_thread(Charts.get_detail, chart_id)
    if chart is None or chart.owner_id != current_user.id:
        return jsonify(error='no such chart'), 404
    chart.title = (await request.get_json())['title']
    db.session.commit()
    return jsonify(title=chart.title)


@app.get('/admin/charts/<int:chart_id>')
@login_required
async def read_any_chart(chart_id):
    if not current_user.is_admin:
        return jsonify(error='administrators only'), 403
    # middlebrick: ignore[bola-open-lookup] administrators see all charts
    found, chart = Charts.get_by_id(chart_id)
    detail = Charts.get_detail(chart_id)
    if not found or not detail:
        return jsonify(error='no such chart'), 404
    return jsonify(title=chart.title, colours=detail.colours)
