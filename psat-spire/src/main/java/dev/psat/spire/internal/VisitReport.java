package dev.psat.spire.internal;

import java.net.URL;
import java.security.CodeSource;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.FailureReason;
import org.jspecify.annotations.Nullable;

/**
 * Reports how visits end. A failure that comes and goes, for example with every other
 * server behind one name, is logged once.
 */
public final class VisitReport {

	private static final IdentityLog logger = new IdentityLog();

	private static final String LINE = "{}: {}. {}";

	private final Publication publication;

	private final String what;

	private final int convincing;

	private final RepeatedError repeatedError;

	private final Set<String> logged = new HashSet<>();

	private @Nullable String lastReason;

	private int successes;

	/** A failure is over after as many successes in a row as are convincing. */
	public VisitReport(Publication publication, String what, int convincing) {
		this.publication = publication;
		this.what = what;
		this.convincing = convincing;
		this.repeatedError = new RepeatedError(SpireIdentity.class, what + " continue after an unexpected error");
	}

	public void succeeded() {
		this.publication.succeeded();
		this.successes++;
		if (this.lastReason != null && this.successes >= this.convincing) {
			logger.info("{} succeed again (last failure: {})", this.what, this.lastReason);
			this.lastReason = null;
			this.logged.clear();
			this.repeatedError.over();
		}
	}

	/** Report a failure, which may be one of a visit that is still in progress. */
	public void failed(VisitException failure) {
		this.publication.failed(failure);
		this.successes = 0;
		this.lastReason = failure.reason();
		if (this.logged.add(failure.reason())) {
			tell(failure);
		}
	}

	public VisitException unexpected(Throwable ex) {
		this.repeatedError.happened(ex);
		if (ex instanceof LinkageError error) {
			return new VisitException(VisitException.OwnReason.UNEXPECTED, UnfitClass.of(error).toString(),
					"Another version of that jar, or of one that it needs, was expected: check what manages the "
							+ "versions of the application's dependencies.");
		}
		return new VisitException(VisitException.OwnReason.UNEXPECTED,
				"The visit ended with " + ex.getClass().getName(), "Check the log and report this as a bug.");
	}

	private void tell(VisitException failure) {
		if (failure.failure() == FailureReason.AGENT_BANNED) {
			logger.error(LINE, failure.reason(), failure.getMessage(), failure.advice());
		}
		else {
			logger.warn(LINE, failure.reason(), failure.getMessage(), failure.advice());
		}
	}

	public interface Publication {

		void succeeded();

		void failed(VisitException failure);

	}

	/**
	 * The class that a {@link LinkageError} is about, which is rarely a bug: mostly the
	 * dependency management of an application has replaced a jar by another version of
	 * it.
	 */
	record UnfitClass(String name, @Nullable String jar, String error) {

		/** JVMs name classes with dots or slashes, and members after their class. */
		private static final Pattern NAME = Pattern
			.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(?:[./][\\p{L}_$][\\p{L}\\p{N}_$]*)+");

		private static final Pattern JAR = Pattern.compile("([^/!]+\\.jar)!?/*$");

		static UnfitClass of(LinkageError error) {
			for (Throwable ex = error; ex != null; ex = ex.getCause()) {
				if (ex instanceof ExceptionInInitializerError failure) {
					return ofInitializer((failure.getCause() != null) ? failure.getCause() : failure);
				}
			}
			String message = String.valueOf(error.getMessage());
			// the type of a missing method comes before its class
			Matcher name = NAME.matcher(message.substring(message.indexOf(' ') + 1));
			return name.find() ? ofName(name.group().replace('/', '.'), error)
					: new UnfitClass("that is needed", null, error.getClass().getName());
		}

		/** To blame is the jar that has thrown. */
		private static UnfitClass ofInitializer(Throwable failure) {
			String jar = null;
			for (StackTraceElement frame : failure.getStackTrace()) {
				jar = (jar != null) ? jar : jar(frame.getClassName());
				if (frame.getMethodName().equals("<clinit>")) {
					return new UnfitClass(frame.getClassName(), jar, failure.getClass().getName());
				}
			}
			return new UnfitClass("that is needed", null, failure.getClass().getName());
		}

		/** The name may end in a member of the class. */
		private static UnfitClass ofName(String name, LinkageError error) {
			String jar = jar(name);
			if (jar == null && !(error instanceof NoClassDefFoundError)) {
				String owner = name.substring(0, name.lastIndexOf('.'));
				return new UnfitClass(owner, jar(owner), error.getClass().getName());
			}
			return new UnfitClass(name, jar, error.getClass().getName());
		}

		private static @Nullable String jar(String className) {
			try {
				CodeSource source = Class.forName(className, false, UnfitClass.class.getClassLoader())
					.getProtectionDomain()
					.getCodeSource();
				URL location = (source != null) ? source.getLocation() : null;
				Matcher jar = JAR.matcher(String.valueOf(location));
				return jar.find() ? jar.group(1) : null;
			}
			catch (ClassNotFoundException | LinkageError ex) {
				return null;
			}
		}

		@Override
		public String toString() {
			return "The class %s %s (%s)".formatted(this.name,
					(this.jar != null) ? "does not fit " + this.jar : "is missing or does not fit", this.error);
		}

	}

}
