package dev.psat.sample;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.psat.AttestationPayload;
import dev.psat.PsatAttestor;
import dev.psat.sample.Identity.Payload;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the data that the page requests once a second.
 */
@RestController
class IdentityController {

	private final String application;

	private final PsatAttestor attestor;

	private final TokenSource source;

	private final RotationHistory history;

	private final SpireIdentity identity;

	private final SelfCall selfCall;

	private final PartnerCall partnerCall;

	private final ObjectProvider<FederatedCaller> federatedCallers;

	private final SpiffeSslBundle bundle;

	IdentityController(@Value("${spring.application.name}") String application, PsatAttestor attestor,
			TokenSource source, RotationHistory history, SpireIdentity identity, SelfCall selfCall,
			PartnerCall partnerCall, ObjectProvider<FederatedCaller> federatedCallers, SpiffeSslBundle bundle) {
		this.application = application;
		this.attestor = attestor;
		this.source = source;
		this.history = history;
		this.identity = identity;
		this.selfCall = selfCall;
		this.partnerCall = partnerCall;
		this.federatedCallers = federatedCallers;
		this.bundle = bundle;
	}

	@GetMapping("/identity")
	Identity identity() {
		SpireStatus spire = this.identity.status();
		boolean attests = spire.workloadApi() == null;
		return new Identity(this.application, Instant.now(), attests ? TokenView.of(this.source.status()) : null,
				attests ? payload() : null, this.history.newestFirst(), SpireView.of(spire), this.selfCall.last(),
				this.partnerCall.last(), federatedCalls(), Handshakes.of(this.bundle.handshakes()));
	}

	private Map<String, CallOutcome> federatedCalls() {
		Map<String, CallOutcome> calls = new LinkedHashMap<>();
		this.federatedCallers.forEach((caller) -> {
			CallOutcome last = caller.last();
			if (last != null) {
				calls.put(caller.id(), last);
			}
		});
		return calls;
	}

	private @Nullable Payload payload() {
		try {
			AttestationPayload payload = this.attestor.payload();
			return new Payload(payload.type(), payload.cluster(), payload.toBytes().length);
		}
		catch (TokenUnavailableException ex) {
			return null;
		}
	}

}
