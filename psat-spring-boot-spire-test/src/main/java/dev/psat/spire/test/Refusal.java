package dev.psat.spire.test;

import java.util.Objects;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A call that the simulated server has refused, by its rules or due to a fault.
 *
 * @since 0.1.0
 * @see ServerJournal#refusals()
 */
public final class Refusal {

	private final SpireMethod method;

	private final @Nullable String caller;

	private final Status.Code code;

	private final String message;

	Refusal(SpireMethod method, @Nullable String caller, Status.Code code, String message) {
		this.method = method;
		this.caller = caller;
		this.code = code;
		this.message = message;
	}

	/**
	 * Return the method that was called.
	 * @return the method
	 */
	public SpireMethod method() {
		return this.method;
	}

	/**
	 * Return who called.
	 * @return the SPIFFE ID of the client certificate, {@code null} if there is none
	 */
	public @Nullable String caller() {
		return this.caller;
	}

	/**
	 * Return the code of the status.
	 * @return the code
	 */
	public Status.Code code() {
		return this.code;
	}

	/**
	 * Return the message of the status.
	 * @return the message, empty if there is none
	 */
	public String message() {
		return this.message;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Refusal that && this.method == that.method && Objects.equals(this.caller, that.caller)
				&& this.code == that.code && this.message.equals(that.message);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.method, this.caller, this.code, this.message);
	}

	@Override
	public String toString() {
		return "Refusal[method=%s, caller=%s, code=%s, message=%s]".formatted(this.method, this.caller, this.code,
				this.message);
	}

}
