package dev.psat.spire.tls.internal;

import java.net.Socket;
import java.time.Clock;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.tls.TlsIdentity;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a bundle are like. Bundles that are made of another share its
 * origin.
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

	OpenConnections.Registrar registrar(@Nullable ConnectionEnd clientEngine, @Nullable Socket beneath,
			@Nullable ConnectionGroup group) {
		return new OpenConnections.Registrar(this.origin.connections(), this.ends, clientEngine, beneath, group);
	}

	KeyManager keyManager(TlsIdentity presented) {
		return this.managers.keyManager(this, presented);
	}

	TrustManager trustManager(TlsIdentity presented, OpenConnections.Registrar registrar, boolean shared) {
		return this.managers.trustManager(this, presented, registrar, shared);
	}

	record Origin(TlsIdentity identity, TlsOptions options, Time time, PeerReport report, OpenConnections connections) {

		Clock clock() {
			return this.time.clock();
		}

		static Origin of(TlsIdentity identity, TlsOptions options, Time time, OpenConnections.Timing timing) {
			PeerReport report = new PeerReport(time);
			return new Origin(identity, options, time, report, new OpenConnections(identity, report, time, timing));
		}

	}

	interface Managers {

		KeyManager keyManager(TlsVariant variant, TlsIdentity presented);

		// shared if several connections use it, so that its context may outlive a
		// decision
		TrustManager trustManager(TlsVariant variant, TlsIdentity presented, OpenConnections.Registrar registrar,
				boolean shared);

	}

}
