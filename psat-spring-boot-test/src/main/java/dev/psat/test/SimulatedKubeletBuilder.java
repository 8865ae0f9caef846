package dev.psat.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import dev.psat.test.Workload.ObjectReference;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Builder for a {@link SimulatedKubelet}. Each method checks its arguments by the rules
 * of Kubernetes and throws an {@link IllegalArgumentException} if they are invalid. Not
 * thread-safe.
 *
 * @since 0.1.0
 * @see SimulatedKubelet#builder()
 */
public final class SimulatedKubeletBuilder {

	private static final long LONGEST_LIFETIME = 1L << 32;

	private @Nullable Path directory;

	private String itemPath = "spire-agent";

	private List<String> audiences = List.of("spire-server");

	private Duration lifetime = Duration.ofMinutes(10);

	private SigningAlgorithm algorithm = SigningAlgorithm.ES256;

	private Duration clockSkew = Duration.ZERO;

	private Workload workload = Workload.create();

	private Clock clock = Clock.systemUTC();

	private boolean rotateOnSchedule;

	SimulatedKubeletBuilder() {
	}

	/**
	 * Set the directory that the volume is mounted at, which is created if it is missing.
	 * Defaults to a new temporary directory.
	 * @param directory the mount directory, in which nothing else may have the name of
	 * the item
	 * @return this builder
	 */
	public SimulatedKubeletBuilder directory(Path directory) {
		Assert.notNull(directory, "'directory' must not be null");
		this.directory = directory;
		return this;
	}

	/**
	 * Set the path of the token in the volume. Defaults to {@code spire-agent}.
	 * @param itemPath a relative path, nested or not, as in the {@code path} of a
	 * {@code serviceAccountToken} volume source
	 * @return this builder
	 */
	public SimulatedKubeletBuilder itemPath(String itemPath) {
		Assert.hasText(itemPath, "'itemPath' must not be empty");
		ProjectedVolume.checkItemPath(itemPath);
		this.itemPath = itemPath;
		return this;
	}

	/**
	 * Set the audiences of tokens. Defaults to {@code spire-server}.
	 * @param audiences one or more audiences
	 * @return this builder
	 */
	public SimulatedKubeletBuilder audience(String... audiences) {
		this.audiences = checkAudiences(audiences);
		return this;
	}

	/**
	 * Set the lifetime of tokens. Defaults to 10 minutes, the shortest time that
	 * Kubernetes itself allows.
	 * @param lifetime a positive number of whole seconds, at most 2<sup>32</sup>
	 * @return this builder
	 */
	public SimulatedKubeletBuilder lifetime(Duration lifetime) {
		Assert.notNull(lifetime, "'lifetime' must not be null");
		Assert.isTrue(lifetime.getNano() == 0 && lifetime.toSeconds() > 0,
				"'lifetime' must be a positive number of whole seconds");
		Assert.isTrue(lifetime.toSeconds() <= LONGEST_LIFETIME, "'lifetime' must not be longer than 2^32 seconds");
		this.lifetime = lifetime;
		return this;
	}

	/**
	 * Set the algorithm with which tokens are signed. Defaults to
	 * {@link SigningAlgorithm#ES256}.
	 * @param algorithm the algorithm
	 * @return this builder
	 */
	public SimulatedKubeletBuilder algorithm(SigningAlgorithm algorithm) {
		Assert.notNull(algorithm, "'algorithm' must not be null");
		this.algorithm = algorithm;
		return this;
	}

	/**
	 * Set how far the clock of the API server, which issues the tokens, is ahead of that
	 * of the pod. By default, the two agree.
	 * @param clockSkew the skew to add to {@code iat}, {@code nbf} and {@code exp};
	 * negative if the API server's clock is behind
	 * @return this builder
	 */
	public SimulatedKubeletBuilder clockSkew(Duration clockSkew) {
		Assert.notNull(clockSkew, "'clockSkew' must not be null");
		this.clockSkew = clockSkew;
		return this;
	}

	/**
	 * Set the service account of the pod, with a random UID. Defaults to {@code default}
	 * in the namespace {@code default}.
	 * @param namespace the namespace
	 * @param name the name of the service account
	 * @return this builder
	 */
	public SimulatedKubeletBuilder serviceAccount(String namespace, String name) {
		Assert.hasText(namespace, "'namespace' must not be empty");
		this.workload = this.workload.withServiceAccount(namespace, reference(name));
		return this;
	}

	/**
	 * Set the service account of the pod.
	 * @param namespace the namespace
	 * @param name the name of the service account
	 * @param uid its UID
	 * @return this builder
	 */
	public SimulatedKubeletBuilder serviceAccount(String namespace, String name, String uid) {
		Assert.hasText(namespace, "'namespace' must not be empty");
		this.workload = this.workload.withServiceAccount(namespace, reference(name, uid));
		return this;
	}

	/**
	 * Set the name of the pod, with a random UID.
	 * @param name the name
	 * @return this builder
	 */
	public SimulatedKubeletBuilder pod(String name) {
		this.workload = this.workload.withPod(reference(name));
		return this;
	}

	/**
	 * Set the pod.
	 * @param name the name of the pod
	 * @param uid its UID
	 * @return this builder
	 */
	public SimulatedKubeletBuilder pod(String name, String uid) {
		this.workload = this.workload.withPod(reference(name, uid));
		return this;
	}

	/**
	 * Set the name of the node, with a random UID.
	 * @param name the name
	 * @return this builder
	 */
	public SimulatedKubeletBuilder node(String name) {
		this.workload = this.workload.withNode(reference(name));
		return this;
	}

	/**
	 * Set the node.
	 * @param name the name of the node
	 * @param uid its UID
	 * @return this builder
	 */
	public SimulatedKubeletBuilder node(String name, String uid) {
		this.workload = this.workload.withNode(reference(name, uid));
		return this;
	}

	/**
	 * Set the clock of the node and, apart from the {@link #clockSkew(Duration) skew}, of
	 * the API server. Defaults to the system clock.
	 * @param clock the clock
	 * @return this builder
	 */
	public SimulatedKubeletBuilder clock(Clock clock) {
		Assert.notNull(clock, "'clock' must not be null");
		this.clock = clock;
		return this;
	}

	/**
	 * Rotate the token when it has reached 80 % of its lifetime, or 24 hours, as kubelet
	 * does. By default, it is rotated only on demand.
	 * @return this builder
	 */
	public SimulatedKubeletBuilder rotateOnSchedule() {
		this.rotateOnSchedule = true;
		return this;
	}

	/**
	 * Build the simulator: write the first token and, if requested, start to rotate it.
	 * @return the simulator, which must be closed after use
	 * @throws UncheckedIOException if the volume cannot be written
	 * @throws IllegalStateException if the place of the token or of the volume's
	 * {@code ..data} is taken by something other than a projected volume
	 * @throws UnsupportedOperationException if the file system or the operating system,
	 * such as Windows, cannot replace symbolic links as kubelet does
	 */
	public SimulatedKubelet build() {
		SigningKey key = SigningKey.generate(this.algorithm);
		TokenIssuer issuer = new TokenIssuer(key, this.workload, this.audiences, this.lifetime, this.clock,
				this.clockSkew);
		RotationSchedule schedule = new RotationSchedule(this.clock, this.lifetime);
		try {
			MountDirectory mount = (this.directory != null) ? MountDirectory.at(this.directory)
					: MountDirectory.temporary();
			ProjectedVolume volume = new ProjectedVolume(mount.path(), this.itemPath, this.clock);
			return new SimulatedKubelet(mount, volume, issuer, schedule).start(this.rotateOnSchedule);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ObjectReference reference(String name) {
		Assert.hasText(name, "'name' must not be empty");
		return ObjectReference.named(name);
	}

	private static ObjectReference reference(String name, String uid) {
		Assert.hasText(name, "'name' must not be empty");
		Assert.hasText(uid, "'uid' must not be empty");
		return new ObjectReference(name, uid);
	}

	static List<String> checkAudiences(String... audiences) {
		Assert.notEmpty(audiences, "'audiences' must not be empty");
		for (String audience : audiences) {
			Assert.hasText(audience, "'audiences' must not contain an empty audience");
		}
		return List.of(audiences);
	}

}
