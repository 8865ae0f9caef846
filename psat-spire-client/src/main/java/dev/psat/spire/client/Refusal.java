package dev.psat.spire.client;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the server refuses the client certificate of a channel. Calls that
 * are in trouble at the same time share a probe of an address. What was refused once is
 * not asked about again: a certificate that has expired, or whose authority was revoked,
 * is never accepted again.
 */
final class Refusal implements AutoCloseable {

	private final ChannelTls tls;

	private final TransportThreads threads;

	private final Map<InetSocketAddress, Probe> probes = new HashMap<>();

	private volatile @Nullable String alert;

	private boolean closed;

	Refusal(ChannelTls tls, TransportThreads threads) {
		this.tls = tls;
		this.threads = threads;
	}

	/**
	 * Return the name of the alert by which the server has refused the certificate.
	 * @return the name, {@code null} if it has not
	 */
	@Nullable String alert() {
		return this.alert;
	}

	/**
	 * Find out whether the server refuses the certificate.
	 * @param address where a call is in trouble
	 * @return done when that is known: the name of the alert; empty if the server accepts
	 * the certificate, or if that could not be found out. Shared, so not to be cancelled
	 */
	synchronized CompletableFuture<Optional<String>> probe(InetSocketAddress address) {
		if (this.closed || this.alert != null) {
			return CompletableFuture.completedFuture(Optional.ofNullable(this.alert));
		}
		this.probes.values().removeIf((probe) -> probe.result().isDone());
		return this.probes.computeIfAbsent(address, this::begin).result();
	}

	private Probe begin(InetSocketAddress address) {
		HandshakeProbe handshake = new HandshakeProbe(this.tls, address);
		return new Probe(handshake, this.threads.submit(() -> {
			Optional<String> refusal = handshake.refusal();
			refusal.ifPresent((alert) -> this.alert = alert);
			return refusal;
			// a probe that fails decides nothing
		}).exceptionally((ex) -> Optional.empty()));
	}

	/**
	 * End the probes that are under way.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		this.probes.values().forEach((probe) -> probe.handshake().close());
	}

	/**
	 * A probe that has begun.
	 *
	 * @param handshake the handshake that is made
	 * @param result what comes of it
	 */
	private record Probe(HandshakeProbe handshake, CompletableFuture<Optional<String>> result) {

	}

}
