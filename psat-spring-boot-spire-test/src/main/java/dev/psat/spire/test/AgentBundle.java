package dev.psat.spire.test;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.Bundle;
import dev.psat.spire.test.proto.JWTKey;
import dev.psat.spire.test.proto.X509Certificate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * @param x509Authorities in DER, one after the other
 * @param jwtAuthorities by their key IDs
 * @param tainted those of both that are tainted, of which workloads see nothing but that
 * they are told everything once more
 */
record AgentBundle(ByteString x509Authorities, Map<String, ByteString> jwtAuthorities, Set<ByteString> tainted) {

	static AgentBundle of(Bundle bundle) {
		ByteString x509Authorities = bundle.getX509AuthoritiesList()
			.stream()
			.map(X509Certificate::getAsn1)
			.reduce(ByteString.EMPTY, ByteString::concat);
		Set<ByteString> tainted = new HashSet<>();
		for (X509Certificate authority : bundle.getX509AuthoritiesList()) {
			if (authority.getTainted()) {
				tainted.add(authority.getAsn1());
			}
		}
		Map<String, ByteString> jwtAuthorities = new LinkedHashMap<>();
		for (JWTKey key : bundle.getJwtAuthoritiesList()) {
			jwtAuthorities.put(key.getKeyId(), key.getPublicKey());
			if (key.getTainted()) {
				tainted.add(key.getPublicKey());
			}
		}
		return new AgentBundle(x509Authorities, jwtAuthorities, tainted);
	}

	byte[] toJwks() {
		JsonMapper json = new JsonMapper();
		ObjectNode document = json.createObjectNode();
		ArrayNode keys = document.putArray("keys");
		this.jwtAuthorities.forEach((keyId, publicKey) -> {
			PublicJwk.addTo(keys.addObject(), keyId, publicKey.toByteArray());
		});
		return json.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
	}

}
