#!/bin/sh
# The sample's entry, for a SPIRE Server without the SPIRE Controller Manager. The Controller Manager would delete it; if
# you use that, apply clusterspiffeid.yaml instead.
# The official image has no shell, so this script runs outside of it. If spire-server runs elsewhere, set SPIRE_SERVER to
# the command that runs it.
set -eu

SPIRE_SERVER="${SPIRE_SERVER:-kubectl exec -n spire spire-server-0 -c spire-server -- /opt/spire/bin/spire-server}"

# One name for the agents of all nodes, by what the server's k8s_psat plugin knows of them: the name of their cluster,
# which is not that of the applications without an agent, and their namespace and service account
$SPIRE_SERVER entry create -node \
    -spiffeID spiffe://example.org/nodes \
    -selector k8s_psat:cluster:nodes \
    -selector k8s_psat:agent_ns:spire \
    -selector k8s_psat:agent_sa:spire-agent

$SPIRE_SERVER entry create \
    -parentID spiffe://example.org/nodes \
    -spiffeID spiffe://example.org/ns/psat-sample/sa/sample-app \
    -hint sample-app \
    -selector k8s:ns:psat-sample \
    -selector k8s:sa:sample-app
