package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.psat.spire.SvidUnavailableException;

/**
 * Thrown when a server with the SSL bundle is about to start and there is no X.509-SVID.
 */
final class NoSvidToServeException extends IllegalStateException {

	private final List<String> servers;

	private final Duration waited;

	private final boolean testWithoutServer;

	private final SvidUnavailableException refusal;

	NoSvidToServeException(List<String> servers, Duration waited, boolean testWithoutServer,
			SvidUnavailableException refusal) {
		super("There is no X.509-SVID for %s to serve".formatted(String.join(" and ", servers)), refusal);
		this.servers = List.copyOf(servers);
		this.waited = waited;
		this.testWithoutServer = testWithoutServer;
		this.refusal = refusal;
	}

	List<String> servers() {
		return this.servers;
	}

	Duration waited() {
		return this.waited;
	}

	boolean isTestWithoutServer() {
		return this.testWithoutServer;
	}

	SvidUnavailableException refusal() {
		return this.refusal;
	}

}
