package dev.psat.spire.client;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the server refuses the client certificate, by one probe per address
 * at a time. A certificate that was refused has expired or its authority was revoked, so
 * it is not probed again.
 */
final class Refusal implements AutoCloseable {

	private final ServerAddress server;

	private final ChannelTls tls;

	private final Network network;

	private final Map<InetSocketAddress, Probe> probes = new HashMap<>();

	private volatile @Nullable String alert;

	private boolean closed;

	Refusal(ServerAddress server, ChannelTls tls, Network network) {
		this.server = server;
		this.tls = tls;
		this.network = network;
	}

	@Nullable String alert() {
		return this.alert;
	}

	SpireException exception() {
		return new SpireException(FailureReason.CERTIFICATE_REFUSED,
				"%s refuses the client certificate with the alert %s".formatted(this.server, this.alert));
	}

	/**
	 * Empty if the certificate is accepted or the probe is inconclusive. Shared, and must
	 * not be canceled.
	 */
	synchronized CompletableFuture<Optional<String>> probe(InetSocketAddress address) {
		if (this.closed || this.alert != null) {
			return CompletableFuture.completedFuture(Optional.ofNullable(this.alert));
		}
		this.probes.values().removeIf((probe) -> probe.result().isDone());
		return this.probes.computeIfAbsent(address, this::begin).result();
	}

	private Probe begin(InetSocketAddress address) {
		HandshakeProbe handshake = new HandshakeProbe(this.tls, address, this.network.timeouts().sockets());
		return new Probe(handshake, this.network.threads().submit(() -> {
			Optional<String> refusal = handshake.refusal();
			refusal.ifPresent((alert) -> this.alert = alert);
			return refusal;
			// a probe that fails is inconclusive
		}).exceptionally((ex) -> Optional.empty()));
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.probes.values().forEach((probe) -> probe.handshake().close());
	}

	private record Probe(HandshakeProbe handshake, CompletableFuture<Optional<String>> result) {

	}

}
