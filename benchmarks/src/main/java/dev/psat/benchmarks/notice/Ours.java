package dev.psat.benchmarks.notice;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import dev.psat.PsatAttestor;
import dev.psat.token.TokenSource;

/**
 * An attestor of the library and the source behind it.
 */
final class Ours implements TokenReader {

	private static final String AUDIENCE = "spire-server";

	private final TokenSource source;

	private final PsatAttestor attestor;

	Ours(Path token) {
		this.source = TokenSource.builder(token).audience(AUDIENCE).build();
		this.source.start();
		this.attestor = PsatAttestor.of("demo-cluster", this.source, List.of(AUDIENCE));
	}

	@Override
	public Object current() {
		return this.attestor.payload();
	}

	@Override
	public boolean has(String token) {
		return new String(this.attestor.payload().toBytes(), StandardCharsets.US_ASCII).contains(token);
	}

	@Override
	public void close() {
		this.source.close();
	}

}
