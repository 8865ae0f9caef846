package dev.psat.actuate.endpoint;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
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
 * @param enabled whether attestation is enabled
 * @param cluster the name of the cluster
 * @param token the token in memory, {@code null} if none is needed
 * @param source where tokens come from
 * @param sources the names of all sources, empty if there is only the default one
 * @param parts the parts added by {@link PsatEndpointContributor contributors}, each as a
 * separate member
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({ "enabled", "cluster", "token", "source", "sources" })
public record PsatDescriptor(boolean enabled, @Nullable String cluster, @Nullable Token token, @Nullable Source source,
		List<String> sources, @JsonAnyGetter Map<String, Object> parts) implements OperationResponseBody {

	static final Set<String> MEMBERS = Set.of("enabled", "cluster", "token", "source", "sources");

	static PsatDescriptor disabled(@Nullable String cluster) {
		return new PsatDescriptor(false, cluster, null, null, Collections.emptyList(), Collections.emptyMap());
	}

	static PsatDescriptor of(@Nullable String cluster, @Nullable TokenStatus status, List<String> sources,
			Map<String, Object> parts) {
		return new PsatDescriptor(true, cluster, (status != null) ? Token.of(status) : null,
				(status != null) ? Source.of(status) : null, sources, parts);
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

	/**
	 * The token in memory.
	 *
	 * @param state its state
	 * @param generation its number
	 * @param fingerprint its fingerprint
	 * @param issuedAt when it was issued, in whole seconds
	 * @param expiresAt when it expires, in whole seconds
	 * @param expiresIn time until it expires, in whole seconds
	 * @param rotationDueAt when it is due to be replaced, in whole seconds
	 * @param claims its claims, which are not verified
	 */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "state", "generation", "fingerprint", "issuedAt", "expiresAt", "expiresIn", "rotationDueAt",
			"claims" })
	public record Token(TokenState state, @Nullable Long generation, @Nullable String fingerprint,
			@Nullable String issuedAt, @Nullable String expiresAt, @Nullable String expiresIn,
			@Nullable String rotationDueAt, @Nullable Claims claims) {

		static Token of(TokenStatus status) {
			TokenStatus.Token token = status.token();
			if (token == null) {
				return new Token(status.tokenState(), null, null, null, null, null, null, null);
			}
			return new Token(status.tokenState(), (token.generation() > 0) ? token.generation() : null,
					token.fingerprint(), text(token.issuedAt()), text(token.expiresAt()), text(token.expiresIn()),
					text(token.rotationDueAt()), Claims.of(token.claims()));
		}

	}

	/**
	 * The claims of the token, which are not verified.
	 *
	 * @param issuer the issuer
	 * @param subject the subject
	 * @param audiences the audiences
	 * @param id the identifier of the token
	 * @param namespace the namespace of the pod
	 * @param serviceAccount the service account of the pod
	 * @param pod the pod
	 * @param node the node
	 */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "issuer", "subject", "audiences", "id", "namespace", "serviceAccount", "pod", "node" })
	public record Claims(@Nullable String issuer, @Nullable String subject, List<String> audiences, @Nullable String id,
			@Nullable String namespace, @Nullable Reference serviceAccount, @Nullable Reference pod,
			@Nullable Reference node) {

		static @Nullable Claims of(TokenClaims claims) {
			return (!claims.equals(TokenClaims.NONE)) ? new Claims(claims.issuer(), claims.subject(),
					claims.audiences(), claims.id(), claims.namespace(), Reference.of(claims.serviceAccount()),
					Reference.of(claims.pod()), Reference.of(claims.node())) : null;
		}

	}

	/**
	 * A Kubernetes object named by the token.
	 *
	 * @param name its name
	 * @param uid its UID
	 */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "name", "uid" })
	public record Reference(@Nullable String name, @Nullable String uid) {

		static @Nullable Reference of(TokenClaims.@Nullable Reference reference) {
			return (reference != null) ? new Reference(reference.name(), reference.uid()) : null;
		}

	}

	/**
	 * Where tokens come from. Counts are absent for a source that does not read a file.
	 *
	 * @param path path of the file
	 * @param state state of the file
	 * @param watch how changes are noticed
	 * @param rotations the number of tokens published after the first
	 * @param lastRotatedAt when the latest rotation was noticed, with three decimals
	 * @param lastCheckedAt when the file was last looked at, with three decimals
	 * @param rejectedReads how often the content of the file was rejected
	 * @param missedEvents how often a change arrived without an event
	 * @param message what is wrong
	 * @param advice what to do about it
	 */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	@JsonPropertyOrder({ "path", "state", "watch", "rotations", "lastRotatedAt", "lastCheckedAt", "rejectedReads",
			"missedEvents", "message", "advice" })
	public record Source(@Nullable String path, @Nullable SourceState state, @Nullable WatchMode watch,
			@Nullable Long rotations, @Nullable String lastRotatedAt, @Nullable String lastCheckedAt,
			@Nullable Long rejectedReads, @Nullable Long missedEvents, @Nullable String message,
			@Nullable String advice) {

		private static final DateTimeFormatter MILLISECONDS = new DateTimeFormatterBuilder().appendInstant(3)
			.toFormatter();

		static @Nullable Source of(TokenStatus status) {
			TokenStatus.Watch watch = status.watch();
			if (watch != null) {
				return new Source(text(watch.path()), status.sourceState(), watch.mode(), watch.rotations(),
						milliseconds(watch.lastRotatedAt()), milliseconds(watch.lastCheckedAt()), watch.rejectedReads(),
						watch.missedEvents(), status.message(), status.advice());
			}
			return (status.sourceState() != null || status.message() != null) ? new Source(null, status.sourceState(),
					null, null, null, null, null, null, status.message(), status.advice()) : null;
		}

		private static @Nullable String milliseconds(@Nullable Instant instant) {
			return (instant != null) ? MILLISECONDS.format(instant) : null;
		}

	}

}
