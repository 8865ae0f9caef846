package dev.psat.spire.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import com.google.protobuf.ByteString;
import dev.psat.spire.test.proto.Bundle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.util.Assert;

/**
 * The trust bundle of the simulated server, both in its answers and as a bootstrap file
 * for clients. Thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedSpireServer#trustBundle()
 */
public final class SimulatedTrustBundle {

	private final JsonMapper json = new JsonMapper();

	private final String trustDomain;

	private final SimulatedAuthority authority;

	private final @Nullable SimulatedJwtAuthority jwtAuthority;

	private final AtomicLong sequenceNumber;

	private volatile Duration refreshHint = Duration.ZERO;

	private volatile boolean empty;

	private volatile @Nullable String published;

	SimulatedTrustBundle(String trustDomain, SimulatedAuthority authority, @Nullable SimulatedJwtAuthority jwtAuthority,
			AtomicLong sequenceNumber) {
		this.trustDomain = trustDomain;
		this.authority = authority;
		this.jwtAuthority = jwtAuthority;
		this.sequenceNumber = sequenceNumber;
	}

	/**
	 * Return the X.509 authorities, oldest first, like {@code bundle show -format pem}.
	 */
	public String toPem() {
		StringBuilder pem = new StringBuilder();
		for (X509Authority trusted : this.authority.trusted()) {
			pem.append("-----BEGIN CERTIFICATE-----\n");
			pem.append(Base64.getMimeEncoder(64, new byte[] { '\n' })
				.encodeToString(Certificates.encoded(trusted.root())));
			pem.append("\n-----END CERTIFICATE-----\n");
		}
		return pem.toString();
	}

	/**
	 * Return the trust bundle as a JSON key set, like {@code bundle show -format spiffe},
	 * without the refresh hint if it is zero.
	 */
	public String toJwks() {
		ObjectNode bundle = this.json.createObjectNode();
		ArrayNode keys = bundle.putArray("keys");
		for (X509Authority trusted : this.authority.trusted()) {
			X509Certificate root = trusted.root();
			ObjectNode key = keys.addObject().put("use", "x509-svid");
			JwtAuthority.EcJwk.addTo(key, (ECPublicKey) root.getPublicKey());
			key.putArray("x5c").add(Base64.getEncoder().encodeToString(Certificates.encoded(root)));
		}
		if (this.jwtAuthority != null) {
			this.jwtAuthority.trusted().forEach((trusted) -> trusted.addTo(keys.addObject()));
		}
		bundle.put("spiffe_sequence", this.sequenceNumber.get());
		if (!this.refreshHint.isZero()) {
			bundle.put("spiffe_refresh_hint", this.refreshHint.toSeconds());
		}
		return this.json.writerWithDefaultPrettyPrinter().writeValueAsString(bundle);
	}

	/**
	 * Write the trust bundle as PEM to a bootstrap file for clients. Readers never see an
	 * incomplete file.
	 * @param file the file, which is created or replaced
	 * @throws IOException if it cannot be written
	 */
	public void writeTo(Path file) throws IOException {
		Assert.notNull(file, "'file' must not be null");
		Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), ".trust-bundle-", ".pem");
		try {
			Files.writeString(whole, toPem());
			Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(whole);
		}
	}

	/**
	 * Set whether the server answers with a trust bundle without X.509 authorities. Files
	 * are not affected.
	 * @param empty whether the trust bundle is empty
	 */
	public void empty(boolean empty) {
		this.empty = empty;
	}

	/**
	 * Set the document at the bundle endpoint of the server, which others
	 * {@link SimulatedFederation#follow follow}: for example, an empty one, or one with a
	 * key of an unknown {@code use}.
	 * @param jwks the document; {@code null} for the server's own, {@link #toJwks()}
	 */
	public void publish(@Nullable String jwks) {
		this.published = jwks;
		this.authority.changed();
	}

	String published() {
		String document = this.published;
		return (document != null) ? document : toJwks();
	}

	/** Return the sequence number, which starts at one and increases with each change. */
	public long sequenceNumber() {
		return this.sequenceNumber.get();
	}

	/**
	 * Set the sequence number, for example to that of a server that was set up again.
	 * @param sequenceNumber the number
	 */
	public void sequenceNumber(long sequenceNumber) {
		this.sequenceNumber.set(sequenceNumber);
	}

	/**
	 * Set the refresh hint. The default is zero, as on a real server.
	 * @param refreshHint the hint, truncated to seconds
	 */
	public void refreshHint(Duration refreshHint) {
		Assert.notNull(refreshHint, "'refreshHint' must not be null");
		this.refreshHint = refreshHint;
	}

	Bundle toMessage() {
		List<X509Authority> trusted = this.empty ? List.of() : this.authority.trusted();
		Bundle.Builder bundle = Bundle.newBuilder().setTrustDomain(this.trustDomain);
		for (X509Authority authority : trusted) {
			bundle.addX509AuthoritiesBuilder()
				.setAsn1(ByteString.copyFrom(Certificates.encoded(authority.root())))
				.setTainted(authority.isTainted());
		}
		if (this.jwtAuthority != null) {
			this.jwtAuthority.trusted().forEach((authority) -> bundle.addJwtAuthorities(authority.toMessage()));
		}
		return bundle.setRefreshHint(this.refreshHint.toSeconds()).setSequenceNumber(this.sequenceNumber.get()).build();
	}

}
