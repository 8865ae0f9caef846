#!/bin/sh
# The sample's alias and entry, for a SPIRE Server without the SPIRE Controller Manager. The Controller Manager would
# delete these entries; if you use it, apply entries.yaml instead.
# The official image has no shell, so this script runs outside of it. If spire-server runs elsewhere, set SPIRE_SERVER to
# the command that runs it.
set -eu

SPIRE_SERVER="${SPIRE_SERVER:-kubectl exec -n spire spire-server-0 -c spire-server -- /opt/spire/bin/spire-server}"

$SPIRE_SERVER entry create -node \
    -spiffeID spiffe://example.org/k8s/demo-cluster/ns/psat-sample/sa/sample-app \
    -selector k8s_psat:cluster:demo-cluster \
    -selector k8s_psat:agent_ns:psat-sample \
    -selector k8s_psat:agent_sa:sample-app

$SPIRE_SERVER entry create \
    -parentID spiffe://example.org/k8s/demo-cluster/ns/psat-sample/sa/sample-app \
    -spiffeID spiffe://example.org/ns/psat-sample/sa/sample-app \
    -hint sample-app \
    -selector k8s:ns:psat-sample \
    -selector k8s:sa:sample-app
