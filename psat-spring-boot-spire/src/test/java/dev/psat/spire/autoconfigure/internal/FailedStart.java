package dev.psat.spire.autoconfigure.internal;

import dev.psat.autoconfigure.internal.PsatStartupException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Why an application did not start.
 */
public final class FailedStart {

	private FailedStart() {
	}

	/**
	 * Find what is shown to the user.
	 */
	public static PsatStartupException failure(@Nullable Throwable ex) {
		assertThat(ex).isNotNull();
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
		assertThat(cause).isInstanceOf(PsatStartupException.class);
		return (PsatStartupException) cause;
	}

}
