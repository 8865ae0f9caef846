package dev.psat.spire.autoconfigure;

import dev.psat.autoconfigure.PsatProperties;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.autoconfigure.internal.TokenHalf;
import dev.psat.spiffe.JwtSvid;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireState;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.workload.client.WorkloadEndpoint;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.core.log.LogMessage;
import org.springframework.util.StringUtils;

/**
 * Where the identity comes from, as decided by properties when the application runs, and
 * never by what is found on this machine. A bean only tells which SPIRE Server.
 *
 * @param tokenHalf whether the token is needed: without any identity, the application may
 * send it itself
 * @param otherwise what to do if the properties of a SPIRE Server are missing
 * @param trustDomain the property that names the trust domain of the SPIRE Server, unless
 * it is told in another way
 */
record IdentityDoor(@Nullable String disabledBy, @Nullable WorkloadEndpoint workloadApi, TokenHalf tokenHalf,
		@Nullable String otherwise, @Nullable String trustDomain) {

	private static final Log logger = LogFactory.getLog(SpireIdentity.class);

	private static final TokenHalf NO_TOKEN = TokenHalf.off(
			"There is neither a token nor a payload, since 'spire.workload-api.socket' is set: the identity comes from the Workload API",
			"Use the SpireIdentity, and for other systems TokenSource beans of their own. Or, to attest to a SPIRE Server, remove 'spire.workload-api.socket', or set 'spire.workload-api.enabled' to 'false'.");

	/**
	 * Fails if the socket is invalid, or one source sets both it and the address of a
	 * server.
	 */
	static IdentityDoor of(SpireProperties properties, PsatProperties psatProperties, Environment environment,
			boolean bean) {
		SpireProperties.Server server = properties.getServer();
		boolean workloadApiIsChosen = WorkloadApiRules.isChosen(properties);
		// where it is disabled, that is what to say
		boolean withoutToken = workloadApiIsChosen && psatProperties.isEnabled();
		if (!properties.isEnabled()) {
			return disabledBy("spire.enabled", withoutToken ? NO_TOKEN : TokenHalf.needed(null));
		}
		if (workloadApiIsChosen) {
			WorkloadEndpoint workloadApi = WorkloadApiRules.socket(properties, environment);
			WorkloadApiRules.ignored(environment, bean)
				.ifPresent((ignored) -> logger.info(
						LogMessage.format("The identity comes from the Workload API at %s, so these have no effect: %s",
								workloadApi, ignored)));
			return new IdentityDoor(null, workloadApi, withoutToken ? NO_TOKEN : TokenHalf.needed(null), null, null);
		}
		if (!psatProperties.isEnabled()) {
			return disabledBy("spire.psat.enabled", TokenHalf.needed(null));
		}
		if (!server.isEnabled()) {
			return disabledBy("spire.server.enabled", TokenHalf.needed(null));
		}
		if (bean) {
			WorkloadApiRules.ignoredBesideBean(environment)
				.ifPresent((ignored) -> logger.info(LogMessage.format(
						"A SpireServerConnectionDetails bean tells which SPIRE Server issues the identity, so these have no effect: %s",
						ignored)));
			return new IdentityDoor(null, null, TokenHalf.needed(null), null, null);
		}
		String otherwise = StringUtils.hasText(server.getAddress()) ? null
				: WorkloadApiRules.wayIn(properties, environment);
		return new IdentityDoor(null, null, TokenHalf.needed(otherwise), otherwise, server.getTrustDomain());
	}

	private static IdentityDoor disabledBy(String property, TokenHalf tokenHalf) {
		return new IdentityDoor(property, null, tokenHalf, null, null);
	}

	boolean isEnabled() {
		return this.disabledBy == null;
	}

	static final class DisabledIdentity implements SpireIdentity {

		private static final SpireStatus STATUS = SpireStatus.builder(SpireState.DISABLED).build();

		private final String property;

		DisabledIdentity(String property) {
			this.property = property;
		}

		@Override
		public X509Svid x509Svid() {
			throw refusal();
		}

		@Override
		public JwtSvid jwtSvid(String audience, String... more) {
			throw refusal();
		}

		@Override
		public TrustBundle trustBundle() {
			throw refusal();
		}

		@Override
		public SpireStatus status() {
			return STATUS;
		}

		private SvidUnavailableException refusal() {
			return new SvidUnavailableException("The SPIRE identity is disabled by '%s'".formatted(this.property),
					SpireState.DISABLED, "Set '%s' to 'true', or do without SVIDs.".formatted(this.property));
		}

	}

}
