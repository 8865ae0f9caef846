package dev.psat.spire.test;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The bundle endpoint of another simulated server, with the profile {@code https_spiffe}:
 * the endpoint's own X509-SVID has to be signed by an authority in the bundle that was
 * read last. The order of JWT authorities changes with each reading. Thread-safe.
 */
final class FederationRelationship {

	private final SimulatedSpireServer partner;

	private final AtomicInteger readings = new AtomicInteger();

	private volatile boolean unreachable;

	private volatile @Nullable String lastError;

	FederationRelationship(SimulatedSpireServer partner) {
		this.partner = partner;
	}

	SimulatedSpireServer partner() {
		return this.partner;
	}

	void unreachable(boolean unreachable) {
		this.unreachable = unreachable;
	}

	@Nullable String lastError() {
		return this.lastError;
	}

	FederatedBundle refresh(FederatedBundle stored) {
		try {
			FederatedBundle read = read(stored);
			this.lastError = null;
			return read;
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			this.lastError = ex.getMessage();
			return stored;
		}
	}

	private FederatedBundle read(FederatedBundle stored) {
		if (this.unreachable || !this.partner.isRunning()) {
			throw new IllegalStateException("failed to fetch bundle: connection refused");
		}
		List<X509Certificate> chain = this.partner.authority().serverCredential().current().chain();
		if (stored.x509Authorities().stream().noneMatch((authority) -> isSigned(chain, authority))) {
			throw new IllegalStateException("failed to fetch bundle: certificate signed by unknown authority");
		}
		return BundleDocument.STRICT.read(this.partner.trustDomain(), this.partner.trustBundle().published())
			.turned(this.readings.getAndIncrement());
	}

	private static boolean isSigned(List<X509Certificate> chain, ByteString authority) {
		try {
			chain.get(chain.size() - 1).verify(Certificates.parse(authority.newInput()).getPublicKey());
			return true;
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

}
