package dev.psat.test;

/**
 * A signature algorithm that a Kubernetes API server signs service account tokens with.
 *
 * @since 0.1.0
 * @see SimulatedKubeletBuilder#algorithm(SigningAlgorithm)
 */
public enum SigningAlgorithm {

	/**
	 * ECDSA on the curve P-256 with SHA-256. Keys and signatures are made fast.
	 */
	ES256,

	/**
	 * RSASSA-PKCS1-v1_5 with a key of 2048 bits and SHA-256: what most clusters use. Its
	 * key takes a good part of a second to make.
	 */
	RS256

}
