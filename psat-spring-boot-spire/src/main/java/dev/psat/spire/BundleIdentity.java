package dev.psat.spire;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;

/**
 * The identity of a bundle, as seen by TLS. The key is only available from an identity
 * that offers it. One that may be the application's may fail, which ends no connection
 * otherwise than by having nothing.
 *
 * @param supplier supplies the identity, {@code null} if there is none yet
 */
record BundleIdentity(Supplier<? extends @Nullable SpireIdentity> supplier) implements TlsIdentity {

	@Override
	public TlsSnapshot snapshot() {
		TlsSnapshot snapshot = ask(TlsIdentity::snapshot);
		return (snapshot != null) ? snapshot : TlsSnapshot.EMPTY;
	}

	@Override
	public @Nullable TrustBundle bundle(TrustDomain trustDomain) {
		return ask((identity) -> identity.bundle(trustDomain));
	}

	@Override
	public void onChange(Runnable listener) {
		ask((identity) -> {
			identity.onChange(listener);
			return null;
		});
	}

	private <T> @Nullable T ask(Function<TlsIdentity, @Nullable T> question) {
		try {
			TlsIdentity identity = offering(this.supplier.get());
			return (identity != null) ? question.apply(identity) : null;
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Throwable ex) {
			return null;
		}
	}

	@Override
	public String absence() {
		try {
			SpireIdentity identity = this.supplier.get();
			if (identity == null) {
				return "The application has not started yet";
			}
			TlsIdentity offering = offering(identity);
			if (offering != null) {
				return Objects.requireNonNullElse(offering.absence(), "The SPIRE identity does not say why");
			}
			identity.x509Svid();
			return "The SpireIdentity bean does not implement TlsIdentity, so it has no private key to serve";
		}
		catch (SvidUnavailableException ex) {
			return "%s (%s)".formatted(ex.getMessage(), ex.state());
		}
		// including undeclared exceptions: an identity need not be written in Java
		catch (Throwable ex) {
			return "The SPIRE identity failed: " + ex.getClass().getName();
		}
	}

	/**
	 * Return what offers the key. A proxy need not, so its target is asked, which may
	 * differ from one time to the next, such as that of a scope.
	 */
	private static @Nullable TlsIdentity offering(@Nullable Object identity) throws Exception {
		TlsIdentity target = (identity instanceof Advised proxy) ? offering(proxy.getTargetSource().getTarget()) : null;
		return (target == null && identity instanceof TlsIdentity offering) ? offering : target;
	}

}
