package dev.psat.spire.ssl;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.TargetSource;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.target.AbstractBeanFactoryBasedTargetSource;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * The identity of a bundle, as TLS asks it. One of the application may fail, which ends
 * no connection otherwise than by having nothing.
 */
record BundleIdentity(Supplier<? extends @Nullable SpireIdentity> supplier) implements TlsIdentity {

	@Override
	public TlsSnapshot snapshot() {
		TlsSnapshot snapshot = askIfPossible(TlsIdentity::snapshot);
		return (snapshot != null) ? snapshot : TlsSnapshot.EMPTY;
	}

	@Override
	public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		return askIfPossible((offering) -> offering.bundle(trustDomain));
	}

	// to the identity that there is now, behind a proxy to its target of now, and to no
	// later one
	@Override
	public boolean onChange(Runnable listener) {
		try {
			SpireIdentity identity = this.supplier.get();
			Boolean called = ask(identity, (offering) -> offering.onChange(listener));
			Assert.state(called != null, () -> "No listener can be added: " + absence());
			return called && !(identity instanceof Advised proxy && !proxy.getTargetSource().isStatic());
		}
		catch (Exception ex) {
			ReflectionUtils.rethrowRuntimeException(ex);
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String absence() {
		try {
			SpireIdentity identity = this.supplier.get();
			if (identity == null) {
				return "The application has not started yet";
			}
			String absence = ask(identity, (offering) -> Objects.requireNonNullElse(offering.absence(),
					"The SPIRE identity does not say why"));
			if (absence != null) {
				return absence;
			}
			identity.x509Svid();
			return "The SpireIdentity bean does not implement TlsIdentity, so it has no private key to serve";
		}
		catch (SvidUnavailableException ex) {
			return "%s (%s)".formatted(ex.getMessage(), ex.state());
		}
		catch (PrototypeException ex) {
			return PrototypeException.MESSAGE;
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Throwable ex) {
			return "The SPIRE identity failed: " + ex.getClass().getName();
		}
	}

	@Override
	public String absence(TrustDomain trustDomain) {
		String absence = askIfPossible((offering) -> offering.absence(trustDomain));
		return (absence != null) ? absence : TlsIdentity.super.absence(trustDomain);
	}

	private <T> @Nullable T askIfPossible(Function<TlsIdentity, @Nullable T> question) {
		try {
			return ask(this.supplier.get(), question);
		}
		// there is an identity, but no memory to ask it
		catch (VirtualMachineError ex) {
			throw ex;
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * If a proxy does not offer the key, its target is asked, which may differ from one
	 * time to the next, such as that of a scope, and goes back after the answer.
	 */
	private static <T> @Nullable T ask(@Nullable Object identity, Function<TlsIdentity, @Nullable T> question)
			throws Exception {
		TargetSource source = (identity instanceof Advised proxy) ? proxy.getTargetSource() : null;
		if (source != null && isOfPrototype(source)) {
			throw new PrototypeException();
		}
		if (identity instanceof TlsIdentity offering) {
			return question.apply(offering);
		}
		return (source != null) ? askTarget(source, question) : null;
	}

	private static <T> @Nullable T askTarget(TargetSource source, Function<TlsIdentity, @Nullable T> question)
			throws Exception {
		Object target = source.getTarget();
		try {
			return ask(target, question);
		}
		finally {
			if (target != null && !source.isStatic()) {
				source.releaseTarget(target);
			}
		}
	}

	private static boolean isOfPrototype(TargetSource source) {
		return source instanceof AbstractBeanFactoryBasedTargetSource beans
				&& beans.getBeanFactory().isPrototype(beans.getTargetBeanName());
	}

	/** Thrown rather than to have each question answered by an identity of its own. */
	private static final class PrototypeException extends IllegalStateException {

		static final String MESSAGE = "The SpireIdentity bean is a prototype or comes from a pool, so each connection "
				+ "would get another identity: declare it as a singleton, or in a scope that keeps it";

		PrototypeException() {
			super(MESSAGE);
		}

	}

}
