package dev.psat.spire.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

record Network(Resolver resolver, TransportThreads threads, AddressOrder order, Timeouts timeouts) {

	Network(Resolver resolver) {
		this(resolver, Timeouts.DEFAULT);
	}

	Network(Resolver resolver, Timeouts timeouts) {
		this(resolver, new TransportThreads(), new AddressOrder(), timeouts);
	}

	@FunctionalInterface
	interface Resolver {

		/**
		 * Caches a name for up to 30 seconds, unless {@code networkaddress.cache.ttl}
		 * says otherwise.
		 */
		Resolver SYSTEM = (host) -> List.of(InetAddress.getAllByName(host));

		List<InetAddress> resolve(String host) throws UnknownHostException;

	}

	/**
	 * @param handshake longer, since a JVM that has just started takes seconds for its
	 * first handshake where it has little of a processor
	 * @param greeting until a server that has completed a handshake says something
	 * @param silence until a connection on which nothing is heard is probed
	 * @param judgement until the answer to a probe
	 * @param attestationJudgement the same while an attestation waits, which the verdict
	 * ends
	 */
	record Timeouts(Duration connect, Duration handshake, Duration greeting, Duration silence,
			Duration attestationSilence, Duration judgement, Duration attestationJudgement) {

		static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(5),
				Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(3),
				Duration.ofSeconds(5));

		Duration both() {
			return this.connect.plus(this.handshake);
		}

		Duration silence(GrpcCall call) {
			return call.isAttestation() ? this.attestationSilence : this.silence;
		}

		Duration judgement(GrpcCall call) {
			return call.isAttestation() ? this.attestationJudgement : this.judgement;
		}

	}

}
