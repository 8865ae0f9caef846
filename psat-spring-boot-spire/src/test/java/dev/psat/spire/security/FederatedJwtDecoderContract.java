package dev.psat.spire.security;

import java.time.Instant;
import java.util.List;

import dev.psat.spiffe.JwtAuthority;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Whose tokens a decoder accepts that names other trust domains.
 */
abstract class FederatedJwtDecoderContract {

	private static final TrustDomain OWN = TrustDomain.of("example.org");

	private static final TrustDomain PARTNER = FederatedIdentity.PARTNER;

	private static final TrustDomain THIRD = TrustDomain.of("third.org");

	private static final String ORDERS = TestJwtAuthority.ORDERS;

	private static final String BILLING = FederatedIdentity.BILLING;

	private final FederatedIdentity identity = new FederatedIdentity();

	/** Its key ID is that of the partner, too, which neither can prevent. */
	private final TestJwtAuthority own = new TestJwtAuthority("key");

	private final TestJwtAuthority partner = new TestJwtAuthority("key");

	/**
	 * Create a decoder that accepts other trust domains, too.
	 */
	abstract TestDecoder decoder(SpireIdentity identity, TrustDomain... trustDomains);

	/**
	 * Create a decoder that names none.
	 */
	abstract TestDecoder decoder(SpireIdentity identity);

	@BeforeEach
	void trustBoth() {
		this.identity.trust(this.own.published());
		this.identity.federate(PARTNER, this.partner.published());
	}

	@Test
	void partnerIsAcceptedByADecoderThatNamesItAlone() {
		decoder(this.identity, PARTNER).assertAccepted(this.partner, BILLING);
		decoder(this.identity, THIRD, PARTNER).assertAccepted(this.partner, BILLING);
		String reason = "The sub claim is not valid: the trust domain 'partner.org' is not accepted";
		decoder(this.identity).assertRefused(this.partner.issueTo(BILLING), reason);
		decoder(this.identity, THIRD).assertRefused(this.partner.issueTo(BILLING), reason);
		decoder(this.identity, new TrustDomain[0]).assertRefused(this.partner.issueTo(BILLING), reason);
	}

	@Test
	void ownTrustDomainIsAcceptedAsBefore() {
		decoder(this.identity).assertAccepted(this.own, ORDERS);
		decoder(this.identity, new TrustDomain[0]).assertAccepted(this.own, ORDERS);
		decoder(this.identity, PARTNER).assertAccepted(this.own, ORDERS);
		decoder(this.identity, OWN, PARTNER).assertAccepted(this.own, ORDERS);
	}

	@Test
	void keyOfOneTrustDomainSignsNothingOfAnotherThatHasItsKeyId() {
		decoder(this.identity, PARTNER).assertUnverified(this.partner.issueTo(ORDERS), "Invalid signature");
		decoder(this.identity, PARTNER).assertUnverified(this.own.issueTo(BILLING), "Invalid signature");
		decoder(this.identity).assertUnverified(this.partner.issueTo(ORDERS), "Invalid signature");
		decoder(this.identity).assertRefused(this.own.issueTo(BILLING), "is not accepted");
	}

	@Test
	void keyOfOneTrustDomainSignsNothingOfAnother() {
		TestJwtAuthority other = new TestJwtAuthority("other");
		TestDecoder decoder = decoder(this.identity, PARTNER);
		this.identity.federate(PARTNER, this.partner.published(), other.published());
		decoder.assertAccepted(other, BILLING);
		decoder.assertUnverified(other.issueTo(ORDERS), "no matching key(s) found");
		this.identity.trust(this.own.published(), other.published());
		this.identity.federate(PARTNER, this.partner.published());
		decoder.assertAccepted(other, ORDERS);
		decoder.assertUnverified(other.issueTo(BILLING), "no matching key(s) found");
	}

	@Test
	void partnerThatListsOurKeyGivesUsNoneOfOurs() {
		this.identity.trust(new TestJwtAuthority("next").published());
		this.identity.federate(PARTNER, this.own.published());
		TestDecoder decoder = decoder(this.identity, PARTNER);
		decoder.assertAccepted(this.own, BILLING);
		decoder.assertUnverified(this.own.issueTo(ORDERS), "no matching key(s) found");
	}

	@Test
	void thirdTrustDomainIsRefusedWhoeverSigns() {
		TestJwtAuthority third = new TestJwtAuthority("key");
		this.identity.federate(THIRD, third.published());
		String reason = "The sub claim is not valid: the trust domain 'third.org' is not accepted";
		for (TestJwtAuthority authority : List.of(this.own, this.partner, third)) {
			decoder(this.identity, PARTNER).assertRefused(authority.issueTo("spiffe://third.org/billing"), reason);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spiffe://partner.org", "spiffe://partner.org/spire", "spiffe://partner.org/spire/server",
			"spiffe://partner.org/spire/agent/k8s_psat/demo/pod/1" })
	void subjectThatIsNoWorkloadOfThePartnerIsRefused(String subject) {
		decoder(this.identity, PARTNER).assertRefused(this.partner.issueTo(subject), "The sub claim is not valid");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "partner.org", "spiffe://partner.org/", "spiffe://PARTNER.org/ns/pay/sa/billing",
			"spiffe://partner.org:443/billing", "spiffe://me@partner.org/billing", "https://partner.org/billing",
			"spiffe://partner.org/a/../billing", "spiffe://partner.org?a=b", " spiffe://partner.org/billing",
			"spiffe:///billing", "spiffe://partner.org/ns/p%61y", "spiffe://p\u00e4rtner.org/billing",
			"spiffe://partner.org\n/billing", "spiffe://partner.org/billing\u0000", "spiffe://partner.org/billing/" })
	void subjectThatIsNoSpiffeIdIsRefused(String subject) {
		for (TestJwtAuthority authority : List.of(this.own, this.partner)) {
			decoder(this.identity, PARTNER).assertRefused(authority.issueTo(subject),
					"The sub claim is not valid: it is not a SPIFFE ID");
		}
	}

	@Test
	void subjectThatIsTooLongIsRefused() {
		TestDecoder decoder = decoder(this.identity, PARTNER);
		String longest = "spiffe://partner.org/" + "a".repeat(2048 - "spiffe://partner.org/".length());
		decoder.assertAccepted(this.partner, longest);
		decoder.assertRefused(this.partner.issueTo(longest + "a"), "it is not a SPIFFE ID");
	}

	/**
	 * One of them could choose the key, and the other one be the caller.
	 */
	@Test
	void tokenWithTwoSubjectsIsRefused() {
		TestDecoder decoder = decoder(this.identity, PARTNER);
		for (List<String> subjects : List.of(List.of(ORDERS, BILLING), List.of(BILLING, ORDERS))) {
			String payload = "{\"sub\":\"%s\",\"aud\":\"%s\",\"exp\":%d,\"sub\":\"%s\"}".formatted(subjects.get(0),
					TestJwtAuthority.AUDIENCE, Instant.now().plusSeconds(60).getEpochSecond(), subjects.get(1));
			decoder.assertRefused(this.partner.issueText(payload));
		}
	}

	@Test
	void severalAuthoritiesOfThePartnerMayHaveOneKeyId() {
		TestJwtAuthority second = new TestJwtAuthority("key");
		this.identity.federate(PARTNER, this.partner.published(), second.published());
		TestDecoder decoder = decoder(this.identity, PARTNER);
		decoder.assertAccepted(this.partner, BILLING);
		decoder.assertAccepted(second, BILLING);
		decoder.assertUnverified(second.issueTo(ORDERS), "Invalid signature");
	}

	@Test
	void subjectThatIsAbsentOrNoTextIsRefused() {
		TestDecoder decoder = decoder(this.identity, PARTNER);
		for (TestJwtAuthority authority : List.of(this.own, this.partner)) {
			decoder.assertRefused(authority.issueWith((claims) -> claims.subject(null)),
					"The sub claim is not valid: there is none");
			for (Object subject : List.of(1, true, List.of(BILLING), List.of(ORDERS, BILLING))) {
				decoder.assertRefused(authority.issueWith((claims) -> claims.claim("sub", subject)));
			}
		}
	}

	@Test
	void audienceAndExpiryAreDemandedOfThePartnerToo() {
		TestDecoder decoder = decoder(this.identity, PARTNER);
		decoder.assertRefused(this.partner.issueWith((claims) -> claims.subject(BILLING).audience("shop")),
				"The aud claim is not valid");
		decoder.assertRefused(this.partner.issueWith((claims) -> claims.subject(BILLING).expirationTime(null)),
				"exp is required");
	}

	@Test
	void keyThatThePartnerHasRevokedIsRefused() {
		TestJwtAuthority next = new TestJwtAuthority("next");
		TestDecoder decoder = decoder(this.identity, PARTNER);
		decoder.assertAccepted(this.partner, BILLING);
		decoder.assertUnverified(next.issueTo(BILLING), "no matching key(s) found");
		this.identity.federate(PARTNER, this.partner.published(), next.published());
		decoder.assertAccepted(this.partner, BILLING);
		decoder.assertAccepted(next, BILLING);
		this.identity.federate(PARTNER, next.published());
		decoder.assertUnverified(this.partner.issueTo(BILLING), "no matching key(s) found");
		decoder.assertAccepted(next, BILLING);
	}

	@Test
	void authorityOfThePartnerThatSaysSoMayExpire() {
		TestDecoder decoder = decoder(this.identity, PARTNER);
		JwtAuthority other = new TestJwtAuthority("other").published();
		this.identity.federate(PARTNER, other, this.partner.published(Instant.now().plusSeconds(60), false));
		decoder.assertAccepted(this.partner, BILLING);
		this.identity.federate(PARTNER, other, this.partner.published(Instant.now().minusSeconds(1), false));
		decoder.assertUnverified(this.partner.issueTo(BILLING), "no matching key(s) found");
	}

	@Test
	@NullUnmarked
	void trustDomainThatIsNoneIsNotNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> decoder(this.identity, PARTNER, null))
			.withMessage("'trustDomains' must not contain null elements");
	}

}
