package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.time.Clock;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a bundle are like. Bundles that are made of another share its
 * origin.
 *
 * @param origin what they share
 * @param managers makes the managers of connections
 * @param ends whether connections end with the cause of their authorization
 * @param certificatesOptional whether servers may serve clients without a certificate
 */
record TlsVariant(Origin origin, Managers managers, boolean ends, boolean certificatesOptional) {

	static TlsVariant of(Origin origin, Managers managers) {
		return new TlsVariant(origin, managers, true, false);
	}

	TlsVariant with(Managers managers) {
		return new TlsVariant(this.origin, managers, this.ends, this.certificatesOptional);
	}

	TlsVariant withOptionalCertificates() {
		return new TlsVariant(this.origin, this.managers, this.ends, true);
	}

	TlsVariant keepingConnections() {
		return new TlsVariant(this.origin, this.managers, false, this.certificatesOptional);
	}

	/**
	 * Return what registers the connections of a context.
	 * @param clientEngine how an engine of a client is ended, {@code null} if nothing can
	 * @param beneath the socket over which the only one is layered, {@code null} if it is
	 * over none
	 * @param group what each connection belongs to, {@code null} if it stands for itself
	 */
	Registrar registrar(@Nullable ConnectionEnd clientEngine, @Nullable Socket beneath,
			@Nullable ConnectionGroup group) {
		return new Registrar(this.origin.connections(), this.ends, clientEngine, beneath, group);
	}

	KeyManager keyManager(TlsIdentity presented) {
		return this.managers.keyManager(this, presented);
	}

	TrustManager trustManager(TlsIdentity presented, Registrar registrar, boolean shared) {
		return this.managers.trustManager(this, presented, registrar, shared);
	}

	/**
	 * What all bundles of one origin share.
	 *
	 * @param identity the identity
	 * @param options limit each connection
	 * @param clock the clock
	 * @param report counts and logs every peer
	 * @param connections the open connections
	 */
	record Origin(TlsIdentity identity, TlsOptions options, Clock clock, PeerReport report,
			OpenConnections connections) {

		static Origin of(TlsIdentity identity, TlsOptions options, Clock clock, OpenConnections.Timing timing) {
			PeerReport report = new PeerReport(clock);
			return new Origin(identity, options, clock, report, new OpenConnections(identity, report, clock, timing));
		}

	}

	/**
	 * Makes managers.
	 */
	interface Managers {

		KeyManager keyManager(TlsVariant variant, TlsIdentity presented);

		/**
		 * Return a trust manager.
		 * @param shared whether several connections use it, so that its context may
		 * outlive a decision
		 */
		TrustManager trustManager(TlsVariant variant, TlsIdentity presented, Registrar registrar, boolean shared);

	}

}
