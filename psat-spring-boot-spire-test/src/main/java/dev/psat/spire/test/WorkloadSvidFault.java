package dev.psat.spire.test;

import java.time.Duration;
import java.time.Instant;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.WorkloadProto.X509SVID;

/**
 * What can be wrong with an X509-SVID that the simulated Workload API hands out.
 *
 * @since 0.1.0
 * @see WorkloadFaults#spoil(WorkloadSvidFault)
 */
public enum WorkloadSvidFault {

	/**
	 * The SPIFFE ID is missing.
	 */
	NO_SPIFFE_ID((svid, mint) -> svid.clearSpiffeId()),

	/**
	 * The SPIFFE ID is another one than that of the certificate.
	 */
	OTHER_SPIFFE_ID((svid, mint) -> svid.setSpiffeId(svid.getSpiffeId() + "-of-another")),

	/**
	 * The certificates are missing.
	 */
	NO_CERTIFICATE((svid, mint) -> svid.clearX509Svid()),

	/**
	 * The certificates are no certificates.
	 */
	UNREADABLE_CERTIFICATE((svid, mint) -> svid.setX509Svid(Junk.BYTES)),

	/**
	 * The last certificate is cut off.
	 */
	TRUNCATED_CERTIFICATE(
			(svid, mint) -> svid.setX509Svid(svid.getX509Svid().substring(0, svid.getX509Svid().size() - 1))),

	/**
	 * The signature of the last certificate has been tampered with.
	 */
	FORGED_CERTIFICATE((svid, mint) -> svid.setX509Svid(Junk.tampered(svid.getX509Svid()))),

	/**
	 * The certificate is signed by an authority that is not in the bundle.
	 */
	FOREIGN_CERTIFICATE((svid, mint) -> Junk.replace(svid,
			SimulatedX509Svid.mint(Junk.authority(Junk.trustDomain(svid)), svid.getSpiffeId(), Instant.now(),
					Duration.ofHours(1)))),

	/**
	 * The certificate has expired.
	 */
	EXPIRED_CERTIFICATE((svid, mint) -> Junk.replace(svid,
			mint.issuedAt(Instant.now().minus(Duration.ofHours(2)))
				.ttl(Duration.ofHours(1))
				.x509Svid(svid.getSpiffeId()))),

	/**
	 * The private key is missing.
	 */
	NO_KEY((svid, mint) -> svid.clearX509SvidKey()),

	/**
	 * The private key is no key.
	 */
	UNREADABLE_KEY((svid, mint) -> svid.setX509SvidKey(Junk.BYTES)),

	/**
	 * The private key is not that of the certificate.
	 */
	OTHER_KEY((svid, mint) -> svid
		.setX509SvidKey(ByteString.copyFrom(Certificates.newKeyPair().getPrivate().getEncoded()))),

	/**
	 * The bundle is empty.
	 */
	EMPTY_BUNDLE((svid, mint) -> svid.clearBundle()),

	/**
	 * The bundle is none.
	 */
	UNREADABLE_BUNDLE((svid, mint) -> svid.setBundle(Junk.BYTES)),

	/**
	 * The bundle is that of another trust domain.
	 */
	FOREIGN_BUNDLE((svid, mint) -> svid
		.setBundle(ByteString.copyFrom(Certificates.encoded(Junk.authority("spiffe://other.example").root()))));

	private final Spoiler spoiler;

	WorkloadSvidFault(Spoiler spoiler) {
		this.spoiler = spoiler;
	}

	void spoil(X509SVID.Builder svid, SvidMint mint) {
		this.spoiler.spoil(svid, mint);
	}

	@FunctionalInterface
	private interface Spoiler {

		void spoil(X509SVID.Builder svid, SvidMint mint);

	}

	private static final class Junk {

		static final ByteString BYTES = ByteString.copyFromUtf8("not what it should be");

		private Junk() {
		}

		static X509Authority authority(String uri) {
			return X509Authority.selfSigned(uri, Instant.now(), Duration.ofHours(1));
		}

		static String trustDomain(X509SVID.Builder svid) {
			return SpiffeIds.of(SpiffeIds.trustDomain(svid.getSpiffeId()), "");
		}

		static ByteString tampered(ByteString bytes) {
			byte[] tampered = bytes.toByteArray();
			tampered[tampered.length - 1] ^= 1;
			return ByteString.copyFrom(tampered);
		}

		static void replace(X509SVID.Builder svid, SimulatedX509Svid other) {
			svid.setX509Svid(WorkloadMessages.concatenated(other.chain()));
			svid.setX509SvidKey(ByteString.copyFrom(other.privateKey().getEncoded()));
		}

	}

}
