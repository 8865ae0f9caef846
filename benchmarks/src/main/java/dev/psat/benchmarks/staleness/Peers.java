package dev.psat.benchmarks.staleness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import dev.psat.benchmarks.KubernetesClient;
import dev.psat.token.ProjectedToken;
import dev.psat.token.TokenSource;
import io.kubernetes.client.util.credentials.RefreshAuthentication;
import io.kubernetes.client.util.credentials.TokenFileAuthentication;

import org.springframework.vault.authentication.KubernetesServiceAccountTokenFile;

/**
 * All peers that hand out the token of a pod.
 */
final class Peers {

	private static final Duration KUBERNETES_CLIENT_PERIOD = Duration.ofMinutes(1);

	/** A minute less ten seconds of leeway. */
	private static final Duration CLIENT_GO_PERIOD = Duration.ofSeconds(50);

	private final Path path;

	private final Clock clock;

	Peers(Path path, Clock clock) {
		this.path = path;
		this.clock = clock;
	}

	Map<Peer, Supplier<String>> with(TokenSource source) {
		KubernetesServiceAccountTokenFile springVault = new KubernetesServiceAccountTokenFile(this.path.toString());
		RefreshAuthentication kubernetesClient = new RefreshAuthentication(this::readAsKubernetesClient,
				KUBERNETES_CLIENT_PERIOD, this.clock);
		String first = read();
		Map<Peer, Supplier<String>> peers = new LinkedHashMap<>();
		peers.put(new Peer("`TokenSource` (class)", "at each file event"), source::value);
		peers.put(new Peer("Spring Vault (class)", "at each call"), springVault::get);
		peers.put(new Peer("Kubernetes client for Java (class)", "once a minute"),
				() -> KubernetesClient.token(kubernetesClient));
		peers.put(new Peer("client-go (rule)", "every 50 seconds"),
				cached((token, now) -> now + CLIENT_GO_PERIOD.toMillis()));
		peers.put(new Peer("Quarkus OIDC up to 3.33.2, JGroups (rule)", "when its copy has expired"),
				cached((token, now) -> ProjectedToken.parse(token).expiresAt().toEpochMilli()));
		peers.put(new Peer("once and never again (rule)", "at the start"), () -> first);
		return peers;
	}

	private String readAsKubernetesClient() {
		return KubernetesClient.token(new TokenFileAuthentication(this.path.toString()));
	}

	private Supplier<String> cached(CacheRule rule) {
		return new Supplier<>() {

			private String token = read();

			private long until = rule.until(this.token, Peers.this.clock.millis());

			@Override
			public String get() {
				long now = Peers.this.clock.millis();
				if (now >= this.until) {
					this.token = read();
					this.until = rule.until(this.token, now);
				}
				return this.token;
			}

		};
	}

	private String read() {
		try {
			return Files.readString(this.path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Determines how long a copy is used.
	 */
	private interface CacheRule {

		long until(String token, long now);

	}

}
