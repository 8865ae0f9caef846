package dev.psat.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.springframework.util.Assert;

/**
 * Simulates a kubelet that projects a service account token into a directory, without a
 * cluster. It writes the volume with the same file operations as kubelet's
 * {@code AtomicWriter}, signs real tokens that verify against {@link #jwks()}, rotates
 * them, and misbehaves on demand as nodes, mounts and other writers do in the field.
 * Whatever has been done to the file, the next {@link #rotate()} repairs it.
 *
 * <pre class="code">
 * class TokenFileTests {
 *
 * 	&#064;AutoClose
 * 	private final SimulatedKubelet kubelet = SimulatedKubelet.builder().audience("spire-server").build();
 *
 * 	&#064;Test
 * 	void fileFollowsRotation() throws IOException {
 * 		String rotated = this.kubelet.rotate();
 * 		assertThat(Files.readString(this.kubelet.tokenPath())).isEqualTo(rotated);
 * 	}
 *
 * }
 * </pre>
 *
 * <p>
 * All methods are thread-safe. Those that change the volume throw an
 * {@link UncheckedIOException} if the file system refuses, and an
 * {@link IllegalStateException} after {@link #close()}.
 *
 * @since 0.1.0
 * @see SimulatedKubeletConfiguration
 */
public final class SimulatedKubelet implements AutoCloseable {

	private final ReentrantLock lock = new ReentrantLock();

	private final MountDirectory mount;

	private final ProjectedVolume volume;

	private final InPlaceWriter inPlaceWriter;

	private final TokenIssuer issuer;

	private final RotationSchedule schedule;

	private final List<HeldFile> heldFiles = new ArrayList<>();

	private volatile String token;

	private boolean closed;

	SimulatedKubelet(MountDirectory mount, ProjectedVolume volume, TokenIssuer issuer, RotationSchedule schedule) {
		this.mount = mount;
		this.volume = volume;
		this.inPlaceWriter = new InPlaceWriter(volume);
		this.issuer = issuer;
		this.schedule = schedule;
		this.token = issuer.issue();
	}

	/**
	 * Create a builder for a simulator.
	 * @return a builder with sensible defaults for everything
	 */
	public static SimulatedKubeletBuilder builder() {
		return new SimulatedKubeletBuilder();
	}

	SimulatedKubelet start(boolean onSchedule) throws IOException {
		this.volume.checkPlaceIsFree();
		try {
			DataLink.checkSupport(this.mount.path());
			project(this.token);
		}
		catch (IOException | RuntimeException ex) {
			close();
			throw ex;
		}
		if (onSchedule) {
			this.schedule.start(this::rotateOnSchedule);
		}
		return this;
	}

	/**
	 * Return the path of the token, with which to configure an application under test.
	 * @return the absolute path of the token
	 */
	public Path tokenPath() {
		return this.volume.itemPath();
	}

	/**
	 * Return the last token that was projected as a whole. Whatever
	 * {@link #write(byte[])} and {@link #tearToken()} have written since is ignored.
	 * @return the compact JWT
	 */
	public String token() {
		return this.token;
	}

	/**
	 * Return the key set that an API server publishes at {@code /openid/v1/jwks}.
	 * @return the key set as JSON, with the one key that signs all tokens of this
	 * simulator
	 */
	public String jwks() {
		return this.issuer.jwks();
	}

	/**
	 * Issue a token as {@link #rotate()} does without projecting it, for instance to sign
	 * many of them before {@linkplain #write(byte[]) writing} them at full speed.
	 * @return the compact JWT
	 */
	public String issueToken() {
		return change(this.issuer::issue);
	}

	/**
	 * Project a new token, as kubelet does in good time before the old one expires.
	 * @return the new token
	 */
	public String rotate() {
		return change(() -> project(this.issuer.issue()));
	}

	/**
	 * Project a new token for other audiences, as for a volume whose {@code audience} is
	 * wrong. The next {@link #rotate()} uses the right ones again.
	 * @param audiences one or more audiences
	 * @return the new token
	 */
	public String rotateWithAudience(String... audiences) {
		List<String> checked = SimulatedKubeletBuilder.checkAudiences(audiences);
		return change(() -> project(this.issuer.issueFor(checked)));
	}

	/**
	 * Project a single new token from an API server whose clock is off.
	 * @param clockSkew the skew to add to {@code iat}, {@code nbf} and {@code exp},
	 * instead of that set with the builder; negative for a clock that is behind
	 * @return the new token
	 */
	public String rotateWithClockSkew(Duration clockSkew) {
		Assert.notNull(clockSkew, "'clockSkew' must not be null");
		return change(() -> project(this.issuer.issueWithSkew(clockSkew)));
	}

	/**
	 * Project a new token that expired an hour ago, as issued by an API server whose
	 * clock is far behind that of the node.
	 * @return the new token
	 */
	public String rotateExpired() {
		return change(() -> project(this.issuer.issueExpired()));
	}

	/**
	 * Project a new token that is not valid yet, as issued by an API server whose clock
	 * is ahead.
	 * @param ahead the time until {@code nbf}, which must be positive
	 * @return the new token
	 */
	public String rotateNotYetValid(Duration ahead) {
		Assert.notNull(ahead, "'ahead' must not be null");
		Assert.isTrue(ahead.compareTo(Duration.ZERO) > 0, "'ahead' must be positive");
		return rotateWithClockSkew(ahead);
	}

	/**
	 * Project any content, whole and at once, to see it rejected.
	 * @param content the content of the file, which need not be a token
	 */
	public void write(byte[] content) {
		Assert.notNull(content, "'content' must not be null");
		byte[] copy = content.clone();
		change(() -> {
			this.volume.write(copy);
			return copy;
		});
	}

	/**
	 * Remove the token, as if the volume were not mounted or somebody limited how long a
	 * token stays around.
	 */
	public void removeToken() {
		change(() -> {
			this.volume.removeLink();
			return this.volume;
		});
	}

	/**
	 * Write a new token in place, like a sidecar or a script that is unaware of atomic
	 * writes: a regular file replaces the link, is truncated, and is filled in three
	 * pieces, with a cut inside the claims and one inside the signature. Returns when the
	 * file is whole; other changes wait until then.
	 * @param pause how long to pause at each cut
	 * @return the new token
	 */
	public String writeInPlace(Duration pause) {
		Assert.notNull(pause, "'pause' must not be null");
		Assert.isTrue(!pause.isNegative(), "'pause' must not be negative");
		return change(() -> {
			String token = this.issuer.issue();
			this.inPlaceWriter.write(token, () -> sleep(pause));
			return written(token);
		});
	}

	/**
	 * Leave a torn token behind, like an in-place writer that died or whose disk is full:
	 * a regular file that ends inside the signature of a new token, with claims that look
	 * good.
	 * @return the content of the file
	 */
	public String tearToken() {
		return change(() -> this.inPlaceWriter.writeTorn(this.issuer.issue()));
	}

	/**
	 * Return a path that shows the current token forever, like a volume mounted with
	 * {@code subPath}: later rotations never reach it. Supported on Linux only.
	 * @return a path under {@code /proc/self/fd}, valid until {@link #close()}
	 * @throws UnsupportedOperationException on other operating systems
	 */
	public Path subPath() {
		return change(() -> {
			HeldFile file = HeldFile.open(this.volume.itemPath());
			this.heldFiles.add(file);
			return file.descriptor();
		});
	}

	/**
	 * Stop rotating on schedule, as kubelet does when the pod is terminating, another of
	 * its volumes is stuck, or the API server refuses. {@link #rotate()} still rotates.
	 */
	public void stopRotating() {
		this.lock.lock();
		try {
			this.schedule.stop();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stop rotating and clean up: a temporary mount directory is deleted; from a given
	 * one, everything that this simulator has put into it is removed. Closing again does
	 * nothing.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			this.closed = true;
			this.schedule.stop();
			try {
				for (HeldFile file : this.heldFiles) {
					file.close();
				}
			}
			finally {
				cleanUp();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.lock.unlock();
		}
		this.schedule.join();
	}

	private void cleanUp() throws IOException {
		try {
			this.volume.delete();
		}
		finally {
			this.mount.delete();
		}
	}

	private void rotateOnSchedule() {
		this.lock.lock();
		try {
			if (!this.schedule.isStopped()) {
				rotate();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private String project(String token) throws IOException {
		this.volume.write(token.getBytes(StandardCharsets.US_ASCII));
		return written(token);
	}

	private String written(String token) {
		this.token = token;
		this.schedule.restart();
		return token;
	}

	private static void sleep(Duration duration) {
		try {
			TimeUnit.NANOSECONDS.sleep(duration.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private <T> T change(Change<T> change) {
		this.lock.lock();
		try {
			Assert.state(!this.closed, "The simulated kubelet is closed");
			return change.make();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	@FunctionalInterface
	private interface Change<T> {

		T make() throws IOException;

	}

}
