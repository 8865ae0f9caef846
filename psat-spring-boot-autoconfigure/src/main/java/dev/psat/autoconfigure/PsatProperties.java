package dev.psat.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/**
 * {@link ConfigurationProperties @ConfigurationProperties} for attestation with a
 * projected service account token.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("spire.psat")
public final class PsatProperties {

	/** Whether to enable attestation. Evaluated at run time, even with AOT processing. */
	private boolean enabled = true;

	/**
	 * Name of the cluster, as known to the SPIRE Server. Required unless the application
	 * declares its own PsatAttestor bean.
	 */
	private @Nullable String cluster;

	/** Path of the projected service account token. A "file:" URI is also accepted. */
	private String tokenPath = "/var/run/secrets/tokens/spire-agent";

	/**
	 * Comma-separated list of audiences of which the token must carry one. If empty, any
	 * token is accepted.
	 */
	private List<String> audience = new ArrayList<>(List.of("spire-server"));

	/**
	 * Leeway at both ends of the token's validity. If a duration suffix is not specified,
	 * seconds will be used.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration clockSkew = Duration.ofSeconds(60);

	/** Whether to fail startup if there is no token in force. */
	private boolean failFast;

	private final Refresh refresh = new Refresh();

	private final Oauth2 oauth2 = new Oauth2();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getCluster() {
		return this.cluster;
	}

	public void setCluster(@Nullable String cluster) {
		this.cluster = cluster;
	}

	public String getTokenPath() {
		return this.tokenPath;
	}

	public void setTokenPath(String tokenPath) {
		this.tokenPath = tokenPath;
	}

	public List<String> getAudience() {
		return this.audience;
	}

	public void setAudience(List<String> audience) {
		this.audience = audience;
	}

	public Duration getClockSkew() {
		return this.clockSkew;
	}

	public void setClockSkew(Duration clockSkew) {
		this.clockSkew = clockSkew;
	}

	public boolean isFailFast() {
		return this.failFast;
	}

	public void setFailFast(boolean failFast) {
		this.failFast = failFast;
	}

	public Refresh getRefresh() {
		return this.refresh;
	}

	public Oauth2 getOauth2() {
		return this.oauth2;
	}

	/** Properties for noticing changes to the token. */
	public static final class Refresh {

		/** Whether to use file events in addition to polling. */
		private boolean watch = true;

		/**
		 * Interval at which to compare the content of the token file. If a duration
		 * suffix is not specified, seconds will be used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration pollInterval = Duration.ofSeconds(5);

		public boolean isWatch() {
			return this.watch;
		}

		public void setWatch(boolean watch) {
			this.watch = watch;
		}

		public Duration getPollInterval() {
			return this.pollInterval;
		}

		public void setPollInterval(Duration pollInterval) {
			this.pollInterval = pollInterval;
		}

	}

	/** OAuth 2.0. */
	public static final class Oauth2 {

		/**
		 * Client registrations of Spring Security with the client authentication method
		 * "spiffe_jwt", by their IDs.
		 */
		private final Map<String, Client> client = new LinkedHashMap<>();

		public Map<String, Client> getClient() {
			return this.client;
		}

		/** A client registration. */
		public static final class Client {

			/**
			 * Audience of the JWT-SVID that authenticates the client. By default, the
			 * "issuer-uri" of the provider.
			 */
			private @Nullable String audience;

			public @Nullable String getAudience() {
				return this.audience;
			}

			public void setAudience(@Nullable String audience) {
				this.audience = audience;
			}

		}

	}

}
