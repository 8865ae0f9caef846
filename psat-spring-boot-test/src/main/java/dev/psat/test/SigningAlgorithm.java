package dev.psat.test;

/**
 * Signature algorithm with which a Kubernetes API server signs service account tokens.
 *
 * @since 0.1.0
 * @see SimulatedKubeletBuilder#algorithm(SigningAlgorithm)
 */
public enum SigningAlgorithm {

	/**
	 * ECDSA on the curve P-256 with SHA-256. Creates keys and signatures quickly.
	 */
	ES256,

	/**
	 * RSASSA-PKCS1-v1_5 with a 2048-bit key and SHA-256, as used by most clusters. Takes
	 * a good part of a second to create a key.
	 */
	RS256

}
