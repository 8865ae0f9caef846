package dev.psat.spire.autoconfigure.data;

import java.util.List;

import javax.sql.CommonDataSource;

import dev.psat.autoconfigure.PsatStartupException;
import dev.psat.spire.SvidSslBundle;
import dev.psat.spire.jdbc.SpiffeSocketFactory;
import dev.psat.spire.jdbc.internal.ConnectionSettings;
import dev.psat.spire.jdbc.internal.LiveBundles;
import dev.psat.spire.jdbc.internal.Refusal;
import dev.psat.spire.jdbc.internal.TlsDemand;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * {@link ClientCheck} for JDBC: connections by the {@link SpiffeSocketFactory} have to
 * demand TLS, since the driver asks the socket factory only once TLS is agreed.
 */
final class DataSourceCheck extends ClientCheck {

	private final ObjectProvider<JdbcBundles> bundles;

	DataSourceCheck(ObjectProvider<JdbcBundles> bundles) {
		this.bundles = bundles;
	}

	@Override
	void check(Object bean, String name) {
		if (bean instanceof CommonDataSource dataSource) {
			if (check(DataSourceSettings.of(dataSource), name)) {
				DataSourceSettings.add(dataSource, LiveBundles.CONTEXT, this.bundles.getObject().key());
			}
		}
		else if (DataSourceSettings.haveUrl(bean.getClass())) {
			check(DataSourceSettings.ofUrl(bean), name);
		}
	}

	/**
	 * Check settings.
	 * @return whether any of them concern the socket factory
	 */
	private boolean check(List<ConnectionSettings> settings, String name) {
		List<ConnectionSettings> ours = settings.stream().filter(TlsDemand::concerns).toList();
		for (ConnectionSettings each : ours) {
			refuse(TlsDemand.checkNames(each), name);
			refuse(TlsDemand.checkMode(each, bundle(each, name)), name);
		}
		return !ours.isEmpty();
	}

	private SvidSslBundle bundle(ConnectionSettings settings, String name) {
		String bundle = String.valueOf(TlsDemand.bundleName(settings));
		SvidSslBundle found = this.bundles.getObject().find(bundle);
		if (found == null) {
			throw failure(new Refusal(
					"'sslfactoryarg' is '%s', which is no SSL bundle of the SPIRE identity."
						.formatted(Refusal.quotable(bundle)),
					"Set 'sslfactoryarg' to the name in 'spire.psat.bundle.name', which is 'spire' by default, or to one of 'spire.psat.identity-bundles'."),
					name);
		}
		return found;
	}

	private static void refuse(@Nullable Refusal refusal, String name) {
		if (refusal != null) {
			throw failure(refusal, name);
		}
	}

	private static PsatStartupException failure(Refusal refusal, String name) {
		return new PsatStartupException("The bean '%s' names the %s, but its connections would not be safe: %s"
			.formatted(name, SpiffeSocketFactory.class.getSimpleName(), refusal.problem()), refusal.action());
	}

}
