import type { StoreName } from '../design.ts';
import { dictionary } from './dictionary.ts';
import { boto3Client, boto3Resource } from './dynamodb.ts';
import { mongoengine } from './mongoengine.ts';
import { peewee } from './peewee.ts';
import { flaskPymongo, pymongo } from './pymongo.ts';
import { pynamodb } from './pynamodb.ts';
import { psycopg, sqlite } from './sql.ts';
import { flaskSqlalchemy, sqlalchemy, sqlalchemy2 } from './sqlalchemy.ts';
import type { Store } from './store.ts';

export const storeOf: Readonly<Record<StoreName, Store>> = {
  pymongo,
  'flask-pymongo': flaskPymongo,
  mongoengine,
  sqlalchemy,
  'sqlalchemy-2': sqlalchemy2,
  'flask-sqlalchemy': flaskSqlalchemy,
  boto3: boto3Resource,
  'boto3-client': boto3Client,
  pynamodb,
  peewee,
  psycopg,
  sqlite3: sqlite,
  dictionary,
};
