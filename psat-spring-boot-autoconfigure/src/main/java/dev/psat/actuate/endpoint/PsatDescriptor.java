package dev.psat.actuate.endpoint;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Collections;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
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
@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
		isGetterVisibility = Visibility.PUBLIC_ONLY)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({ "enabled", "cluster", "token", "source", "sources" })
public final class PsatDescriptor implements OperationResponseBody {

	private final Values values;

	private PsatDescriptor(Values values) {
		this.values = values;
	}

	static PsatDescriptor disabled(@Nullable String cluster) {
		return new PsatDescriptor(new Values(false, cluster, null, null, Collections.emptyList()));
	}

	static PsatDescriptor of(@Nullable String cluster, @Nullable TokenStatus status, List<String> sources) {
		return new PsatDescriptor(new Values(true, cluster, (status != null) ? Token.of(status) : null,
				(status != null) ? Source.of(status) : null, sources));
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

	/**
	 * {@return whether attestation is enabled}
	 */
	public boolean isEnabled() {
		return this.values.enabled;
	}

	/**
	 * {@return the name of the cluster}
	 */
	public @Nullable String getCluster() {
		return this.values.cluster;
	}

	/**
	 * {@return the token in memory, {@code null} if none is needed}
	 */
	public @Nullable Token getToken() {
		return this.values.token;
	}

	/**
	 * {@return where tokens come from}
	 */
	public @Nullable Source getSource() {
		return this.values.source;
	}

	/**
	 * {@return the names of all sources, empty if there is only the default one}
	 */
	public List<String> getSources() {
		return this.values.sources;
	}

	@Override
	public boolean equals(@Nullable Object obj) {
		return obj instanceof PsatDescriptor other && this.values.equals(other.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return this.values.toString().replaceFirst("Values", "PsatDescriptor");
	}

	/**
	 * The token in memory.
	 */
	@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
			isGetterVisibility = Visibility.PUBLIC_ONLY)
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "state", "generation", "fingerprint", "issuedAt", "expiresAt", "expiresIn", "rotationDueAt",
			"claims" })
	public static final class Token {

		private final Values values;

		private Token(Values values) {
			this.values = values;
		}

		static Token of(TokenStatus status) {
			TokenStatus.Token token = status.token();
			if (token == null) {
				return new Token(new Values(status.tokenState(), null, null, null, null, null, null, null));
			}
			return new Token(new Values(status.tokenState(), (token.generation() > 0) ? token.generation() : null,
					token.fingerprint(), text(token.issuedAt()), text(token.expiresAt()), text(token.expiresIn()),
					text(token.rotationDueAt()), Claims.of(token.claims())));
		}

		/**
		 * {@return its state}
		 */
		public TokenState getState() {
			return this.values.state;
		}

		/**
		 * {@return its number}
		 */
		public @Nullable Long getGeneration() {
			return this.values.generation;
		}

		/**
		 * {@return its fingerprint}
		 */
		public @Nullable String getFingerprint() {
			return this.values.fingerprint;
		}

		/**
		 * {@return when it was issued, in whole seconds}
		 */
		public @Nullable String getIssuedAt() {
			return this.values.issuedAt;
		}

		/**
		 * {@return when it expires, in whole seconds}
		 */
		public @Nullable String getExpiresAt() {
			return this.values.expiresAt;
		}

		/**
		 * {@return the time until it expires, in whole seconds}
		 */
		public @Nullable String getExpiresIn() {
			return this.values.expiresIn;
		}

		/**
		 * {@return when it is due to be replaced, in whole seconds}
		 */
		public @Nullable String getRotationDueAt() {
			return this.values.rotationDueAt;
		}

		/**
		 * {@return its claims, which are not verified}
		 */
		public @Nullable Claims getClaims() {
			return this.values.claims;
		}

		@Override
		public boolean equals(@Nullable Object obj) {
			return obj instanceof Token other && this.values.equals(other.values);
		}

		@Override
		public int hashCode() {
			return this.values.hashCode();
		}

		@Override
		public String toString() {
			return this.values.toString().replaceFirst("Values", "Token");
		}

		private record Values(TokenState state, @Nullable Long generation, @Nullable String fingerprint,
				@Nullable String issuedAt, @Nullable String expiresAt, @Nullable String expiresIn,
				@Nullable String rotationDueAt, @Nullable Claims claims) {

		}

	}

	/**
	 * The claims of the token, which are not verified.
	 */
	@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
			isGetterVisibility = Visibility.PUBLIC_ONLY)
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "issuer", "subject", "audiences", "id", "namespace", "serviceAccount", "pod", "node" })
	public static final class Claims {

		private final Values values;

		private Claims(Values values) {
			this.values = values;
		}

		static @Nullable Claims of(TokenClaims claims) {
			return (!claims.equals(TokenClaims.NONE)) ? new Claims(new Values(claims.issuer(), claims.subject(),
					claims.audiences(), claims.id(), claims.namespace(), Reference.of(claims.serviceAccount()),
					Reference.of(claims.pod()), Reference.of(claims.node()))) : null;
		}

		/**
		 * {@return the issuer}
		 */
		public @Nullable String getIssuer() {
			return this.values.issuer;
		}

		/**
		 * {@return the subject}
		 */
		public @Nullable String getSubject() {
			return this.values.subject;
		}

		/**
		 * {@return the audiences}
		 */
		public List<String> getAudiences() {
			return this.values.audiences;
		}

		/**
		 * {@return the identifier of the token}
		 */
		public @Nullable String getId() {
			return this.values.id;
		}

		/**
		 * {@return the namespace of the pod}
		 */
		public @Nullable String getNamespace() {
			return this.values.namespace;
		}

		/**
		 * {@return the service account of the pod}
		 */
		public @Nullable Reference getServiceAccount() {
			return this.values.serviceAccount;
		}

		/**
		 * {@return the pod}
		 */
		public @Nullable Reference getPod() {
			return this.values.pod;
		}

		/**
		 * {@return the node}
		 */
		public @Nullable Reference getNode() {
			return this.values.node;
		}

		@Override
		public boolean equals(@Nullable Object obj) {
			return obj instanceof Claims other && this.values.equals(other.values);
		}

		@Override
		public int hashCode() {
			return this.values.hashCode();
		}

		@Override
		public String toString() {
			return this.values.toString().replaceFirst("Values", "Claims");
		}

		private record Values(@Nullable String issuer, @Nullable String subject, List<String> audiences,
				@Nullable String id, @Nullable String namespace, @Nullable Reference serviceAccount,
				@Nullable Reference pod, @Nullable Reference node) {

		}

	}

	/**
	 * A Kubernetes object named by the token.
	 */
	@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
			isGetterVisibility = Visibility.PUBLIC_ONLY)
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "name", "uid" })
	public static final class Reference {

		private final Values values;

		private Reference(Values values) {
			this.values = values;
		}

		static @Nullable Reference of(TokenClaims.@Nullable Reference reference) {
			return (reference != null) ? new Reference(new Values(reference.name(), reference.uid())) : null;
		}

		/**
		 * {@return its name}
		 */
		public @Nullable String getName() {
			return this.values.name;
		}

		/**
		 * {@return its UID}
		 */
		public @Nullable String getUid() {
			return this.values.uid;
		}

		@Override
		public boolean equals(@Nullable Object obj) {
			return obj instanceof Reference other && this.values.equals(other.values);
		}

		@Override
		public int hashCode() {
			return this.values.hashCode();
		}

		@Override
		public String toString() {
			return this.values.toString().replaceFirst("Values", "Reference");
		}

		private record Values(@Nullable String name, @Nullable String uid) {

		}

	}

	/**
	 * Where tokens come from. Counts are absent for a source that does not read a file.
	 */
	@JsonAutoDetect(fieldVisibility = Visibility.NONE, getterVisibility = Visibility.PUBLIC_ONLY,
			isGetterVisibility = Visibility.PUBLIC_ONLY)
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "path", "state", "watch", "rotations", "lastRotatedAt", "lastCheckedAt", "rejectedReads",
			"missedEvents", "message", "advice" })
	public static final class Source {

		private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3)
			.toFormatter();

		private final Values values;

		private Source(Values values) {
			this.values = values;
		}

		static @Nullable Source of(TokenStatus status) {
			TokenStatus.Watch watch = status.watch();
			if (watch != null) {
				return new Source(new Values(text(watch.path()), status.sourceState(), watch.mode(), watch.rotations(),
						milliseconds(watch.lastRotatedAt()), milliseconds(watch.lastCheckedAt()), watch.rejectedReads(),
						watch.missedEvents(), status.message(), status.advice()));
			}
			return (status.sourceState() != null || status.message() != null) ? new Source(new Values(null,
					status.sourceState(), null, null, null, null, null, null, status.message(), status.advice()))
					: null;
		}

		private static @Nullable String milliseconds(@Nullable Instant instant) {
			return (instant != null) ? MILLISECONDS.format(instant) : null;
		}

		/**
		 * {@return the path of the file}
		 */
		public @Nullable String getPath() {
			return this.values.path;
		}

		/**
		 * {@return the state of the file}
		 */
		public @Nullable SourceState getState() {
			return this.values.state;
		}

		/**
		 * {@return how changes are noticed}
		 */
		public @Nullable WatchMode getWatch() {
			return this.values.watch;
		}

		/**
		 * {@return the number of tokens published after the first}
		 */
		public @Nullable Long getRotations() {
			return this.values.rotations;
		}

		/**
		 * {@return when the latest rotation was noticed, with three decimals}
		 */
		public @Nullable String getLastRotatedAt() {
			return this.values.lastRotatedAt;
		}

		/**
		 * {@return when the file was last looked at, with three decimals}
		 */
		public @Nullable String getLastCheckedAt() {
			return this.values.lastCheckedAt;
		}

		/**
		 * {@return how often the content of the file was rejected}
		 */
		public @Nullable Long getRejectedReads() {
			return this.values.rejectedReads;
		}

		/**
		 * {@return how often a change arrived without an event}
		 */
		public @Nullable Long getMissedEvents() {
			return this.values.missedEvents;
		}

		/**
		 * {@return what is wrong}
		 */
		public @Nullable String getMessage() {
			return this.values.message;
		}

		/**
		 * {@return what to do about it}
		 */
		public @Nullable String getAdvice() {
			return this.values.advice;
		}

		@Override
		public boolean equals(@Nullable Object obj) {
			return obj instanceof Source other && this.values.equals(other.values);
		}

		@Override
		public int hashCode() {
			return this.values.hashCode();
		}

		@Override
		public String toString() {
			return this.values.toString().replaceFirst("Values", "Source");
		}

		private record Values(@Nullable String path, @Nullable SourceState state, @Nullable WatchMode watch,
				@Nullable Long rotations, @Nullable String lastRotatedAt, @Nullable String lastCheckedAt,
				@Nullable Long rejectedReads, @Nullable Long missedEvents, @Nullable String message,
				@Nullable String advice) {

		}

	}

	private record Values(boolean enabled, @Nullable String cluster, @Nullable Token token, @Nullable Source source,
			List<String> sources) {

	}

}
