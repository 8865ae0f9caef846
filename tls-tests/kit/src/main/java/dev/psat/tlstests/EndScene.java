package dev.psat.tlstests;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.spire.tls.Direction;
import dev.psat.spire.tls.EndCause;
import dev.psat.spire.tls.internal.BundleTls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslOptions;

/**
 * A bundle, and what may become of the cause of its connections to a server that has the
 * ID {@link TlsWorld#STRANGER}, while those to one with {@link TlsWorld#LISTED} go on.
 */
final class EndScene {

	/** As long as a peer's clock may be wrong. */
	private static final Duration LEEWAY = Duration.ofMinutes(2);

	private static final Duration LONG_AGO = Duration.ofHours(1);

	private final EndMint root = new EndMint("root");

	private final EndMint other = new EndMint("other");

	private final PlayedIdentity identity = new PlayedIdentity();

	private final SpiffeSslBundle bundle = SpiffeSslBundle.of(() -> this.identity, this::refusal, this::refusal,
			SslOptions.NONE);

	private final Duration shortLife;

	private volatile boolean shrunk;

	private volatile Instant over = Instant.MAX;

	/**
	 * Create a scene.
	 * @param shortLife how long a cause lasts that time ends
	 */
	EndScene(Duration shortLife) {
		this.shortLife = shortLife;
		this.identity.trust(this.root.authority(), this.other.authority());
		this.identity.present(this.root.mint(TlsWorld.ORDERS));
	}

	private @Nullable String refusal(SpiffeId peer) {
		return (this.shrunk && peer.toString().equals(TlsWorld.STRANGER)) ? "is no longer on the test's list" : null;
	}

	PlayedIdentity identity() {
		return this.identity;
	}

	SpiffeSslBundle bundle() {
		return this.bundle;
	}

	EndMint root() {
		return this.root;
	}

	EndMint other() {
		return this.other;
	}

	Credential innocent() {
		return this.root.mint(TlsWorld.LISTED);
	}

	/**
	 * Return the credential of a server for which a cause ends, which may soon be so.
	 */
	Credential guilty(EndCause cause) {
		return (cause == EndCause.EXPIRED) ? soonExpired(this.other, TlsWorld.STRANGER)
				: this.other.mint(TlsWorld.STRANGER);
	}

	/**
	 * Have the cause end soon, if time alone does that.
	 */
	void expect(EndCause cause) {
		if (cause == EndCause.IDENTITY) {
			this.identity.present(soonExpired(this.root, TlsWorld.ORDERS));
		}
	}

	/**
	 * End the cause, and wait until connections have ended with it.
	 */
	void end(EndCause cause) {
		end(cause, this.bundle);
	}

	void end(EndCause cause, SvidSslBundle bundle) {
		switch (cause) {
			case UNTRUSTED -> this.identity.trust(this.root.authority());
			case UNAUTHORIZED -> {
				this.shrunk = true;
				this.bundle.reauthorize();
			}
			case EXPIRED, IDENTITY -> {
				// time does that
			}
		}
		ConnectionCounts connections = connections(bundle);
		EndLoad.patiently()
			.until(() -> connections.ended(Direction.OUTBOUND, cause) > 0
					&& (cause != EndCause.IDENTITY || connections.open(Direction.OUTBOUND) == 0));
	}

	/**
	 * Return what tells of a cause in a stack trace.
	 */
	static String reason(EndCause cause) {
		return switch (cause) {
			case UNTRUSTED, EXPIRED -> "The X.509-SVID of " + TlsWorld.STRANGER;
			case UNAUTHORIZED -> "The peer %s is no longer on the test's list".formatted(TlsWorld.STRANGER);
			case IDENTITY -> "There is no X.509-SVID to";
		};
	}

	/**
	 * Return whether time has ended a cause.
	 */
	boolean isOver() {
		return Instant.now().isAfter(this.over);
	}

	static ConnectionCounts connections(SvidSslBundle bundle) {
		BundleTls tls = BundleTls.of(bundle.createSslContext());
		if (tls == null) {
			throw new IllegalStateException("The context is that of a bundle");
		}
		return tls.connections();
	}

	private Credential soonExpired(EndMint authority, String spiffeId) {
		Instant now = Instant.now();
		// as precise as certificates are
		this.over = now.plus(this.shortLife).truncatedTo(ChronoUnit.SECONDS);
		return authority.mint(spiffeId, now.minus(LONG_AGO), this.over.minus(LEEWAY));
	}

}
