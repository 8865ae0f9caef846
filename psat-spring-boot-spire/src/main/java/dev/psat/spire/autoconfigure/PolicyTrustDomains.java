package dev.psat.spire.autoconfigure;

import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.concurrent.internal.OnDemandThread;
import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Tells which trust domains the policies decide on without any effect, since nobody of
 * them can connect. They are asked on a thread of its own, since they may hang.
 */
final class PolicyTrustDomains {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private static final Duration PATIENCE = Duration.ofMillis(100);

	private final OnDemandThread thread = new OnDemandThread("psat-spire-policies", this::tell,
			new RepeatedError(SpiffeSslBundle.class, "The trust domains of PeerPolicy beans could not be checked"),
			Time.ofSystem());

	private final List<PolicyBean> beans;

	private final AtomicReference<@Nullable TrustDomain> told = new AtomicReference<>();

	private volatile boolean created;

	private volatile @Nullable TrustDomain own;

	private volatile Set<TrustDomain> federated = Set.of();

	PolicyTrustDomains(List<PolicyBean> beans) {
		this.beans = Collections.unmodifiableList(beans);
	}

	void created() {
		this.created = true;
		request();
	}

	void own(TrustDomain own, Set<TrustDomain> federated) {
		this.federated = federated;
		this.own = own;
		request();
	}

	/** A bean that hangs is interrupted. */
	void close() {
		this.thread.close(PATIENCE);
	}

	private void request() {
		TrustDomain own = this.own;
		if (this.created && own != null && !this.beans.isEmpty() && !own.equals(this.told.getAndSet(own))) {
			this.thread.request();
		}
	}

	private void tell() {
		this.beans.forEach((bean) -> tell(bean, String.valueOf(this.own)));
	}

	private void tell(PolicyBean bean, String own) {
		Set<TrustDomain> unknown;
		try {
			unknown = new HashSet<>(Set.copyOf(bean.trustDomains()));
		}
		catch (Throwable ex) {
			// each handshake is refused, and says why
			return;
		}
		unknown.removeIf((trustDomain) -> trustDomain.equals(this.own) || this.federated.contains(trustDomain));
		if (!unknown.isEmpty()) {
			logger.warn(LogMessage.format(
					"The PeerPolicy bean '%1$s' decides on %2$s, of which nobody can ever connect: the own trust domain is '%3$s', and 'spire.federates-with' does not list %2$s",
					bean.name(), quoted(unknown), own));
		}
	}

	private static String quoted(Set<TrustDomain> trustDomains) {
		Set<String> names = new TreeSet<>();
		trustDomains.forEach((trustDomain) -> names.add("'%s'".formatted(trustDomain.name())));
		return String.join(" and ", names);
	}

}
