package dev.psat.test;

import java.util.UUID;

import tools.jackson.databind.node.ObjectNode;

/**
 * The pod that tokens are bound to, with its service account and node.
 */
record Workload(String namespace, ObjectReference serviceAccount, ObjectReference pod, ObjectReference node) {

	static Workload create() {
		return new Workload("default", ObjectReference.named("default"), ObjectReference.named("simulated-pod"),
				ObjectReference.named("simulated-node"));
	}

	Workload withServiceAccount(String namespace, ObjectReference serviceAccount) {
		return new Workload(namespace, serviceAccount, this.pod, this.node);
	}

	Workload withPod(ObjectReference pod) {
		return new Workload(this.namespace, this.serviceAccount, pod, this.node);
	}

	Workload withNode(ObjectReference node) {
		return new Workload(this.namespace, this.serviceAccount, this.pod, node);
	}

	String subject() {
		return "system:serviceaccount:" + this.namespace + ":" + this.serviceAccount.name();
	}

	void addTo(ObjectNode claims) {
		claims.put("namespace", this.namespace);
		this.node.addTo(claims.putObject("node"));
		this.pod.addTo(claims.putObject("pod"));
		this.serviceAccount.addTo(claims.putObject("serviceaccount"));
	}

	record ObjectReference(String name, String uid) {

		static ObjectReference named(String name) {
			return new ObjectReference(name, UUID.randomUUID().toString());
		}

		void addTo(ObjectNode claims) {
			claims.put("name", this.name).put("uid", this.uid);
		}

	}

}
