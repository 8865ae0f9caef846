package dev.psat.sample;

import java.time.Instant;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.sample.Identity.Payload;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers what the page asks once a second.
 */
@RestController
class IdentityController {

	private final String application;

	private final String cluster;

	private final PsatAttestor attestor;

	private final TokenSource source;

	private final RotationHistory history;

	IdentityController(@Value("${spring.application.name}") String application,
			@Value("${spire.psat.cluster}") String cluster, PsatAttestor attestor, TokenSource source,
			RotationHistory history) {
		this.application = application;
		this.cluster = cluster;
		this.attestor = attestor;
		this.source = source;
		this.history = history;
	}

	@GetMapping("/identity")
	Identity identity() {
		return new Identity(this.application, this.cluster, Instant.now(), this.source.status(), payload(),
				this.history.newestFirst());
	}

	private @Nullable Payload payload() {
		try {
			AttestationPayload payload = this.attestor.payload();
			return new Payload(payload.type(), payload.toBytes().length);
		}
		catch (TokenUnavailableException ex) {
			return null;
		}
	}

}
