#!/bin/sh
# Makes the secrets that compose.yaml reads in deploy/secrets, once: passwords, the key file of the replica set and the
# master key. What is there already is left alone.
set -eu
cd "$(dirname "$0")"
members=mongo1:27017,mongo2:27017,mongo3:27017

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
password() { random 32 | tr '+/' '-_' | tr -d '='; }

umask 077
mkdir secrets || { echo 'deploy/secrets is there already: nothing was changed.' >&2; exit 1; }
cat >secrets/latchkey.env <<END
MONGODB_URI=mongodb://latchkey:$(password)@$members/latchkey?replicaSet=latchkey
LATCHKEY_MASTER_KEY=$(random 32)
END
echo "uri: mongodb://admin:$(password)@$members/?replicaSet=latchkey&authSource=admin" >secrets/mongo-admin.yaml
random 741 >secrets/mongo-keyfile
# Compose mounts each file as it is, and the users in the containers are others than this one: the folder keeps strangers
# of this machine out.
chmod 444 secrets/*
echo 'Made deploy/secrets. Keep a copy of it apart from the backups: without its master key no license key can be read.'
