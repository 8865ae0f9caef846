package dev.psat.spire.security;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;
import org.springframework.security.oauth2.jwt.BadJwtException;

/**
 * The trust domains whose JWT-SVIDs a decoder accepts. The trust bundle of each only
 * verifies its own.
 */
final class AcceptedTrustDomains {

	private static final Log logger = LogFactory.getLog(SpiffeJwtDecoder.class);

	private final SpireIdentity identity;

	private final Set<TrustDomain> federated;

	private final AtomicBoolean compared = new AtomicBoolean();

	AcceptedTrustDomains(SpireIdentity identity, Set<TrustDomain> federated) {
		this.identity = identity;
		this.federated = federated;
	}

	/**
	 * Throws {@link BadJwtException} if no JWT-SVID of the trust domain is accepted, and
	 * {@link KeySourceException} if none can be verified now, since this application
	 * lacks something.
	 */
	List<JWK> keys(TrustDomain trustDomain, JWKSelector selector) throws KeySourceException {
		TrustBundle own = ask(this.identity::trustBundle);
		compareOnce(own.trustDomain());
		if (trustDomain.equals(own.trustDomain())) {
			return new JwtAuthorityKeys(own).select(selector);
		}
		if (!this.federated.contains(trustDomain)) {
			throw new BadJwtException(
					"The sub claim is not valid: the trust domain '%s' is not accepted".formatted(trustDomain));
		}
		JwtAuthorityKeys keys = new JwtAuthorityKeys(federatedBundle(trustDomain));
		try {
			return keys.select(selector);
		}
		catch (KeySourceException ex) {
			// this application has what that trust domain publishes
			throw notAccepted(trustDomain, ex);
		}
	}

	private TrustBundle federatedBundle(TrustDomain trustDomain) throws KeySourceException {
		TrustBundle bundle = ask(() -> {
			try {
				return this.identity.trustBundle(trustDomain);
			}
			catch (SvidUnavailableException ex) {
				if (isUndecided(trustDomain)) {
					throw ex;
				}
				throw notAccepted(trustDomain, ex);
			}
		});
		if (!bundle.trustDomain().equals(trustDomain)) {
			throw new KeySourceException("The SPIRE identity has returned the trust bundle of %s as that of %s"
				.formatted(bundle.trustDomain(), trustDomain));
		}
		return bundle;
	}

	/** As before the server has first answered. */
	private boolean isUndecided(TrustDomain trustDomain) {
		SpireStatus.Federation federation = federation(trustDomain);
		return federation != null && switch (federation.state()) {
			// the former has changed in between
			case TRUSTED, UNKNOWN -> true;
			case NOT_FEDERATED, NO_BUNDLE, EMPTY -> false;
		};
	}

	private SpireStatus.@Nullable Federation federation(TrustDomain trustDomain) {
		return this.identity.status()
			.federation()
			.stream()
			.filter((federation) -> federation.trustDomain().equals(trustDomain))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Not before there is a token to verify, since the identity may be created later than
	 * the decoder.
	 */
	private void compareOnce(TrustDomain own) {
		if (!this.compared.getAndSet(true)) {
			this.federated.stream()
				.filter((trustDomain) -> !trustDomain.equals(own) && isUnknown(trustDomain))
				.forEach((trustDomain) -> logger.warn(LogMessage.format(
						"A JWT decoder accepts the trust domain '%s', but the SPIRE identity does not know it, so that "
								+ "its JWT-SVIDs are refused. Add it to 'spire.federates-with'",
						trustDomain)));
		}
	}

	private boolean isUnknown(TrustDomain trustDomain) {
		try {
			if (federation(trustDomain) == null) {
				this.identity.trustBundle(trustDomain);
			}
			return false;
		}
		catch (SvidUnavailableException ex) {
			return true;
		}
		catch (Exception ex) {
			// says nothing about the trust domain
			return false;
		}
	}

	private static BadJwtException notAccepted(TrustDomain trustDomain, Exception cause) {
		return new BadJwtException("No JWT-SVID of '%s' is accepted now: %s".formatted(trustDomain, cause.getMessage()),
				cause);
	}

	/** The identity may be a bean that cannot be created. */
	private static <T> T ask(Supplier<T> question) throws KeySourceException {
		try {
			return question.get();
		}
		catch (BadJwtException ex) {
			throw ex;
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Exception ex) {
			throw new KeySourceException(ex.getMessage(), ex);
		}
	}

}
