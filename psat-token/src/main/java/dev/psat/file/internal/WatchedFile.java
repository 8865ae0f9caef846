package dev.psat.file.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

import dev.psat.concurrent.internal.ForeignCall;
import dev.psat.concurrent.internal.Time;
import org.jspecify.annotations.Nullable;

/**
 * A file that is looked at again and again. What may be half written is held back, each
 * content is parsed once, and a file system that does not answer is waited for only once.
 * Only one thread at a time looks at it.
 *
 * @param <T> what a content is parsed to, be it a reason why it is none
 */
public final class WatchedFile<T> {

	private final Path path;

	private final Function<byte[], T> parser;

	private final Timing timing;

	private final ForeignCall<LinkedFile.Reading> reading;

	private final WriteSettling settling;

	private Map<Object, Path> directories = Map.of();

	private byte @Nullable [] seen;

	private byte @Nullable [] parsed;

	private @Nullable T content;

	/**
	 * Of a content that is larger than the largest, one byte more is read. The parser
	 * does not throw.
	 */
	public WatchedFile(Path path, int largest, String thread, Function<byte[], T> parser, Timing timing, Time time) {
		this(path, new LinkedFile(path, largest, time)::read, thread, parser, timing, time);
	}

	public WatchedFile(Path path, Callable<LinkedFile.Reading> reading, String thread, Function<byte[], T> parser,
			Timing timing, Time time) {
		this.path = path;
		this.parser = parser;
		this.timing = timing;
		this.reading = new ForeignCall<>(thread, reading, time);
		this.settling = new WriteSettling(timing.rest(), timing.unrest());
	}

	public Finding<T> look() throws InterruptedException {
		try {
			LinkedFile.Reading reading = this.reading.await(this.reading.begin(), this.timing.patience());
			this.directories = reading.link().directories();
			LinkedFile.Content content = reading.content();
			if (content == null) {
				this.settling.settle();
				return problematic(Objects.requireNonNull(reading.problem()));
			}
			return examine(reading, content);
		}
		catch (ForeignCall.SilenceException ex) {
			return problematic(new Problem(Problem.Kind.SILENT,
					"The file system has not answered since %s, when it was asked for %s".formatted(ex.since(),
							this.path)));
		}
		catch (ExecutionException ex) {
			Throwable cause = ex.getCause();
			return problematic(new Problem(Problem.Kind.UNREADABLE, "%s cannot be read: %s".formatted(this.path,
					(cause != null) ? cause.getClass().getName() : "unknown reason")));
		}
	}

	private Finding<T> examine(LinkedFile.Reading reading, LinkedFile.Content read) {
		byte[] before = this.seen;
		boolean changed = !Arrays.equals(before, read.bytes());
		// equal arrays are compared once: at rest, what was parsed is this very one
		byte[] bytes = (changed || before == null) ? read.bytes() : before;
		this.seen = bytes;
		T content = this.content;
		if (content != null && Arrays.equals(this.parsed, bytes)) {
			this.settling.settle();
			return new Finding<>(this.directories, changed, content, read.pinned(), null, null);
		}
		Duration restLeft = this.settling.restLeft(read, reading.began(), reading.ended());
		if (restLeft == null) {
			content = this.parser.apply(bytes);
			this.content = content;
			this.parsed = bytes;
			return new Finding<>(this.directories, changed, content, read.pinned(), null, null);
		}
		Problem unrest = this.settling.isRestless() ? new Problem(Problem.Kind.RESTLESS,
				"%s keeps changing: it never stays unchanged for %d ms, so it may be half written".formatted(this.path,
						this.timing.rest().toMillis()))
				: null;
		return new Finding<>(this.directories, changed, null, false, unrest, restLeft);
	}

	private Finding<T> problematic(Problem problem) {
		return new Finding<>(this.directories, false, null, false, problem, null);
	}

	/** End a read that hangs. */
	public void end() {
		this.reading.end();
	}

	/**
	 * For how long something is waited.
	 *
	 * @param rest how long a file that may be half written must rest
	 * @param unrest how long a file may keep changing before that is a problem
	 * @param patience how long the file system may take to answer
	 */
	public record Timing(Duration rest, Duration unrest, Duration patience) {

	}

	/**
	 * A content, a problem, or what may be half written, which tells nothing.
	 *
	 * @param directories where a change can make the path lead elsewhere, by their
	 * identity
	 * @param changed whether the bytes differ from those of the last look that found any
	 * @param pinned whether the path can never show another file
	 * @param restLeft how much longer the file must rest, {@code null} if it is settled
	 */
	public record Finding<T>(Map<Object, Path> directories, boolean changed, @Nullable T content, boolean pinned,
			@Nullable Problem problem, @Nullable Duration restLeft) {

	}

	/** Why there is no content: the message is a sentence without a full stop. */
	public record Problem(Kind kind, String message) {

		public enum Kind {

			MISSING,

			UNREADABLE,

			RESTLESS,

			SILENT

		}

	}

}
