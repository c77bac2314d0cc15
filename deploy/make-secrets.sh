#!/bin/sh
# Creates the secrets in deploy/secrets that compose.yaml uses: passwords, the key file of the replica set and the master
# key. If deploy/secrets exists already, nothing is changed, because a new master key could not read the old data.
set -eu
cd "$(dirname "$0")"
members=mongo1:27017,mongo2:27017,mongo3:27017

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
password() { random 32 | tr '+/' '-_' | tr -d '='; }

umask 077
mkdir secrets || { echo 'deploy/secrets exists already. Nothing was changed.' >&2; exit 1; }
cat >secrets/latchkey.env <<END
MONGODB_URI=mongodb://latchkey:$(password)@$members/latchkey?replicaSet=latchkey
LATCHKEY_MASTER_KEY=$(random 32)
END
echo "uri: mongodb://admin:$(password)@$members/?replicaSet=latchkey&authSource=admin" >secrets/mongo-admin.yaml
random 741 >secrets/mongo-keyfile
# Compose mounts each file with its owner and mode, and the containers run as other users, so every user must be able to
# read the files. The mode of the folder keeps other users of this machine out.
chmod 444 secrets/*
echo 'Created deploy/secrets. Keep a copy of it apart from the backups: without its master key no license key can be read.'
