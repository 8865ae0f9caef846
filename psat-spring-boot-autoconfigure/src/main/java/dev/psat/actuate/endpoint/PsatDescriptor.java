package dev.psat.actuate.endpoint;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.psat.token.SourceState;
import dev.psat.token.TokenClaims;
import dev.psat.token.TokenState;
import dev.psat.token.TokenStatus;
import dev.psat.token.WatchMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of the state of attestation, as shown by {@link PsatEndpoint}. Absent
 * values are omitted.
 *
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({ "enabled", "cluster", "token", "source", "sources" })
public final class PsatDescriptor implements OperationResponseBody {

	private final boolean enabled;

	private final @Nullable String cluster;

	private final @Nullable Token token;

	private final @Nullable Source source;

	private final List<String> sources;

	PsatDescriptor(boolean enabled, @Nullable String cluster, @Nullable TokenStatus status, List<String> sources) {
		this.enabled = enabled;
		this.cluster = cluster;
		this.token = (status != null) ? new Token(status) : null;
		this.source = (status != null) ? Source.of(status) : null;
		this.sources = sources;
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

	public boolean isEnabled() {
		return this.enabled;
	}

	public @Nullable String getCluster() {
		return this.cluster;
	}

	/** The token in memory, {@code null} if none is needed. */
	public @Nullable Token getToken() {
		return this.token;
	}

	public @Nullable Source getSource() {
		return this.source;
	}

	/** The names of all sources, empty if there is only the default one. */
	public List<String> getSources() {
		return this.sources;
	}

	/** The token in memory. */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "state", "generation", "fingerprint", "issuedAt", "expiresAt", "expiresIn", "rotationDueAt",
			"claims" })
	public static final class Token {

		private final TokenState state;

		private final @Nullable Long generation;

		private final @Nullable String fingerprint;

		private final @Nullable String issuedAt;

		private final @Nullable String expiresAt;

		private final @Nullable String expiresIn;

		private final @Nullable String rotationDueAt;

		private final @Nullable Claims claims;

		Token(TokenStatus status) {
			TokenStatus.Token token = status.token();
			this.state = status.tokenState();
			this.generation = (token != null && token.generation() > 0) ? token.generation() : null;
			this.fingerprint = (token != null) ? token.fingerprint() : null;
			this.issuedAt = (token != null) ? text(token.issuedAt()) : null;
			this.expiresAt = (token != null) ? text(token.expiresAt()) : null;
			this.expiresIn = (token != null) ? text(token.expiresIn()) : null;
			this.rotationDueAt = (token != null) ? text(token.rotationDueAt()) : null;
			this.claims = (token != null) ? Claims.of(token.claims()) : null;
		}

		public TokenState getState() {
			return this.state;
		}

		public @Nullable Long getGeneration() {
			return this.generation;
		}

		public @Nullable String getFingerprint() {
			return this.fingerprint;
		}

		/** When it was issued, in whole seconds. */
		public @Nullable String getIssuedAt() {
			return this.issuedAt;
		}

		/** When it expires, in whole seconds. */
		public @Nullable String getExpiresAt() {
			return this.expiresAt;
		}

		/** The time until it expires, in whole seconds. */
		public @Nullable String getExpiresIn() {
			return this.expiresIn;
		}

		/** When it is due to be replaced, in whole seconds. */
		public @Nullable String getRotationDueAt() {
			return this.rotationDueAt;
		}

		/** Its claims, which are not verified. */
		public @Nullable Claims getClaims() {
			return this.claims;
		}

	}

	/** The claims of the token, which are not verified. */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "issuer", "subject", "audiences", "id", "namespace", "serviceAccount", "pod", "node" })
	public static final class Claims {

		private final @Nullable String issuer;

		private final @Nullable String subject;

		private final List<String> audiences;

		private final @Nullable String id;

		private final @Nullable String namespace;

		private final @Nullable Reference serviceAccount;

		private final @Nullable Reference pod;

		private final @Nullable Reference node;

		private Claims(TokenClaims claims) {
			this.issuer = claims.issuer();
			this.subject = claims.subject();
			this.audiences = claims.audiences();
			this.id = claims.id();
			this.namespace = claims.namespace();
			this.serviceAccount = Reference.of(claims.serviceAccount());
			this.pod = Reference.of(claims.pod());
			this.node = Reference.of(claims.node());
		}

		static @Nullable Claims of(TokenClaims claims) {
			return (!claims.equals(TokenClaims.NONE)) ? new Claims(claims) : null;
		}

		public @Nullable String getIssuer() {
			return this.issuer;
		}

		public @Nullable String getSubject() {
			return this.subject;
		}

		public List<String> getAudiences() {
			return this.audiences;
		}

		public @Nullable String getId() {
			return this.id;
		}

		public @Nullable String getNamespace() {
			return this.namespace;
		}

		public @Nullable Reference getServiceAccount() {
			return this.serviceAccount;
		}

		public @Nullable Reference getPod() {
			return this.pod;
		}

		public @Nullable Reference getNode() {
			return this.node;
		}

	}

	/** A Kubernetes object named by the token. */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "name", "uid" })
	public static final class Reference {

		private final @Nullable String name;

		private final @Nullable String uid;

		private Reference(TokenClaims.Reference reference) {
			this.name = reference.name();
			this.uid = reference.uid();
		}

		static @Nullable Reference of(TokenClaims.@Nullable Reference reference) {
			return (reference != null) ? new Reference(reference) : null;
		}

		public @Nullable String getName() {
			return this.name;
		}

		public @Nullable String getUid() {
			return this.uid;
		}

	}

	/**
	 * Where tokens come from. Counts are absent for a source that does not read a file.
	 */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "path", "state", "watch", "rotations", "lastRotatedAt", "lastCheckedAt", "rejectedReads",
			"missedEvents", "message", "advice" })
	public static final class Source {

		private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3)
			.toFormatter();

		private final @Nullable String path;

		private final @Nullable SourceState state;

		private final @Nullable WatchMode watch;

		private final @Nullable Long rotations;

		private final @Nullable String lastRotatedAt;

		private final @Nullable String lastCheckedAt;

		private final @Nullable Long rejectedReads;

		private final @Nullable Long missedEvents;

		private final @Nullable String message;

		private final @Nullable String advice;

		private Source(TokenStatus status, TokenStatus.@Nullable Watch watch) {
			this.path = (watch != null) ? text(watch.path()) : null;
			this.state = status.sourceState();
			this.watch = (watch != null) ? watch.mode() : null;
			this.rotations = (watch != null) ? watch.rotations() : null;
			this.lastRotatedAt = (watch != null) ? milliseconds(watch.lastRotatedAt()) : null;
			this.lastCheckedAt = (watch != null) ? milliseconds(watch.lastCheckedAt()) : null;
			this.rejectedReads = (watch != null) ? watch.rejectedReads() : null;
			this.missedEvents = (watch != null) ? watch.missedEvents() : null;
			this.message = status.message();
			this.advice = status.advice();
		}

		static @Nullable Source of(TokenStatus status) {
			TokenStatus.Watch watch = status.watch();
			return (watch != null || status.sourceState() != null || status.message() != null)
					? new Source(status, watch) : null;
		}

		private static @Nullable String milliseconds(@Nullable Instant instant) {
			return (instant != null) ? MILLISECONDS.format(instant) : null;
		}

		public @Nullable String getPath() {
			return this.path;
		}

		public @Nullable SourceState getState() {
			return this.state;
		}

		public @Nullable WatchMode getWatch() {
			return this.watch;
		}

		public @Nullable Long getRotations() {
			return this.rotations;
		}

		/** When the latest rotation was noticed, with three decimals. */
		public @Nullable String getLastRotatedAt() {
			return this.lastRotatedAt;
		}

		/** When the file was last looked at, with three decimals. */
		public @Nullable String getLastCheckedAt() {
			return this.lastCheckedAt;
		}

		public @Nullable Long getRejectedReads() {
			return this.rejectedReads;
		}

		public @Nullable Long getMissedEvents() {
			return this.missedEvents;
		}

		public @Nullable String getMessage() {
			return this.message;
		}

		public @Nullable String getAdvice() {
			return this.advice;
		}

	}

}
