package dev.psat;

import tools.jackson.databind.json.JsonMapper;

/**
 * Encodes {@code PSATAttestationData} as SPIRE's agent plugin does.
 *
 * @see <a href=
 * "https://github.com/spiffe/spire/blob/main/pkg/common/plugin/k8s/utils.go">SPIRE:
 * PSATAttestationData</a>
 */
final class PayloadEncoder {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private PayloadEncoder() {
	}

	static byte[] encode(String cluster, String token) {
		return MAPPER.writeValueAsBytes(MAPPER.createObjectNode().put("cluster", cluster).put("token", token));
	}

}
