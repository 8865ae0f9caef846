package dev.psat.spire.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLException;
import javax.sql.DataSource;
import javax.sql.XADataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.psat.spire.autoconfigure.internal.Bundles;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.commons.dbcp2.BasicDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.xa.PGXADataSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.AbstractLazyCreationTargetSource;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.ContainerConnection;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static dev.psat.spire.autoconfigure.internal.FailedStart.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DataSourceCheck} and {@link LiveBundles}.
 */
class DataSourceCheckTests {

	/** Nobody listens there. */
	private static final String NOWHERE = "jdbc:postgresql://127.0.0.1:1/orders?connectTimeout=1";

	private static final String FACTORY = "sslfactory=dev.psat.spire.jdbc.SpiffeSocketFactory";

	private static final String SPIRE = NOWHERE + "&" + FACTORY + "&sslfactoryarg=spire";

	private static final String WEB = NOWHERE + "&" + FACTORY + "&sslfactoryarg=spire-web";

	private static final String NOT_SET = "'sslmode' is not set, so whoever answers for the server could go on without TLS.";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, JdbcBundleAutoConfiguration.class))
		.withUserConfiguration(Bundles.class);

	private final ApplicationContextRunner boot = this.runner
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { SPIRE, SPIRE + "&sslmode=disable", SPIRE + "&sslmode=allow", SPIRE + "&sslmode=prefer",
			SPIRE + "&sslmode=require", WEB, WEB + "&sslmode=verify-ca", WEB + "&sslmode=prefer",
			NOWHERE + "&" + FACTORY + "&sslmode=verify-ca",
			NOWHERE + "&" + FACTORY + "&sslmode=verify-ca&sslfactoryarg=classic",
			NOWHERE + "&" + FACTORY + "&sslmode=verify-ca&sslfactoryarg=unknown" })
	void stopsTheStartWhereTheUrlOfTheApplicationIsNotSafe(String url) {
		this.boot.withPropertyValues("spring.datasource.url=" + url).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(failure(context.getStartupFailure())).hasMessageStartingWith(
					"The property 'spring.datasource.url' names the SpiffeSocketFactory, but its connections would not be safe: ");
		});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { SPIRE + "&sslmode=verify-ca", WEB + "&sslmode=verify-full", NOWHERE, "jdbc:h2:mem:orders" })
	void letsTheApplicationStartWhereItIsSafe(String url) {
		this.boot
			.withPropertyValues("spring.datasource.url=" + url,
					"spring.datasource.driver-class-name=org.postgresql.Driver")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	/**
	 * Whoever separates settings in another way than the driver writes them all into one
	 * value.
	 */
	@ParameterizedTest
	@ValueSource(strings = { SPIRE + "&sslmode=verify-ca;password=hidden", SPIRE + ";password=hidden",
			SPIRE + "&sslmode=verify-ca&gssEncMode=prefer;password=hidden" })
	void quotesNoPassword(String url) {
		this.boot.withPropertyValues("spring.datasource.url=" + url)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining("…'")
				.hasMessageNotContaining("hidden"));
	}

	@Test
	void stopsTheStartWherePropertiesOfThePoolAreNotSafe() {
		// which the JVM repeats
		this.boot.withSystemProperties("sun.java.command=dev.psat.Application --some.property=" + FACTORY)
			.withPropertyValues("spring.datasource.url=" + NOWHERE,
					"spring.datasource.hikari.data-source-properties." + FACTORY,
					"spring.datasource.hikari.data-source-properties.sslfactoryarg=spire")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(failure(context.getStartupFailure())).hasMessage(
						"The property 'spring.datasource.hikari.data-source-properties.sslfactory' names the SpiffeSocketFactory, but its connections would not be safe: "
								+ NOT_SET)
					.satisfies((failure) -> assertThat(failure.action()).isEqualTo("Set 'sslmode' to 'verify-ca'."));
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "dbcp2, org.apache.commons.dbcp2.BasicDataSource",
			"tomcat, org.apache.tomcat.jdbc.pool.DataSource" })
	void stopsTheStartWherePropertiesOfAnotherPoolAreNotSafe(String pool) {
		String properties = "spring.datasource.%s.connection-properties".formatted(pool.split(", ")[0]);
		String value = FACTORY + ";sslfactoryarg=spire";
		ApplicationContextRunner other = this.boot.withPropertyValues("spring.datasource.url=" + NOWHERE,
				"spring.datasource.type=" + pool.split(", ")[1]);
		other.withPropertyValues(properties + "=" + value)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessage(
					"The property '%s' names the SpiffeSocketFactory, but its connections would not be safe: %s",
					properties, NOT_SET));
		other.withPropertyValues(properties + "=" + value + ";sslmode=verify-ca")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void poolOfTheApplicationIsNotJudgedByThePropertiesOfSpringBootsPool() {
		this.runner
			.withPropertyValues("spring.datasource.dbcp2.connection-properties=" + FACTORY + ";sslfactoryarg=spire")
			.withBean("archive", DataSource.class,
					() -> pool(new BasicDataSource(), (pool) -> pool.setUrl("jdbc:h2:mem:archive")))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void stopsTheStartWhereTheUrlOverridesThePropertiesOfThePool() {
		this.boot
			.withPropertyValues("spring.datasource.url=" + NOWHERE + "&sslmode=prefer",
					"spring.datasource.hikari.data-source-properties." + FACTORY,
					"spring.datasource.hikari.data-source-properties.sslmode=verify-ca",
					"spring.datasource.hikari.data-source-properties.sslfactoryarg=spire")
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(failure(context.getStartupFailure())).hasMessageContaining("'sslmode' is 'prefer'");
			});
	}

	/**
	 * Others may use the URL without the properties of the pool, as Flyway does with a
	 * user of its own.
	 */
	@Test
	void stopsTheStartWhereTheUrlIsSafeByPropertiesOfThePoolAlone() {
		this.boot
			.withPropertyValues("spring.datasource.url=" + SPIRE,
					"spring.datasource.hikari.data-source-properties.sslmode=verify-ca")
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining(NOT_SET));
	}

	@Test
	void propertiesOfThePoolMayBeSafeByTheUrl() {
		this.boot
			.withPropertyValues("spring.datasource.url=" + NOWHERE + "&sslmode=verify-ca",
					"spring.datasource.hikari.data-source-properties." + FACTORY,
					"spring.datasource.hikari.data-source-properties.sslfactoryarg=spire")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void stopsTheStartWhereTheUrlOfFlywayIsNotSafe() {
		this.boot.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + SPIRE + "&sslmode=verify-ca", "spring.flyway.url=" + SPIRE)
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageStartingWith("The property 'spring.flyway.url' names the SpiffeSocketFactory"));
	}

	@Test
	void propertyOfTheUserIsNamedWhateverItsName() {
		this.runner
			.withPropertyValues("database.host=127.0.0.1:1",
					"orders.database=" + SPIRE.replace("127.0.0.1:1", "${database.host}"),
					"stock.database=" + SPIRE + "&sslmode=verify-ca")
			.withBean("store", DataSource.class, () -> pool(new HikariDataSource(), (pool) -> pool.setJdbcUrl(SPIRE)))
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageStartingWith("The property 'orders.database' names the SpiffeSocketFactory"));
	}

	/**
	 * Another property does not stand for what the code says.
	 */
	@Test
	void beanIsNamedWhereNoPropertyOrMoreThanOneIsMeant() {
		this.runner.withPropertyValues("stock.database=" + SPIRE + "&sslmode=verify-ca")
			.withBean("store", DataSource.class, () -> pool(new HikariDataSource(), (pool) -> pool.setJdbcUrl(SPIRE)))
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageStartingWith("The bean 'store'"));
		this.runner.withPropertyValues("a.url=" + SPIRE, "b.url=" + SPIRE)
			.withBean("store", DataSource.class, () -> pool(new HikariDataSource(), (pool) -> pool.setJdbcUrl(SPIRE)))
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessageStartingWith("The bean 'store'"));
	}

	@Test
	void lazyInitializationDoesNotBypassTheCheckOfTheUrl() {
		this.boot.withPropertyValues("spring.datasource.url=" + SPIRE)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining(NOT_SET));
	}

	@Test
	void lazyDataSourceIsRefusedBeforeItConnects() {
		this.runner.withUserConfiguration(LazyDataSource.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThatExceptionOfType(BeansException.class).isThrownBy(() -> context.getBean(DataSource.class))
				.satisfies((ex) -> assertThat(failure(ex)).hasMessageContaining(NOT_SET));
		});
	}

	@Test
	void stopsTheStartWithPoolOfEachKind() {
		assertThatRefused(() -> pool(new HikariDataSource(), (pool) -> pool.setJdbcUrl(SPIRE)));
		assertThatRefused(() -> pool(new HikariDataSource(), (pool) -> {
			pool.setJdbcUrl(NOWHERE);
			pool.setDataSourceProperties(properties());
		}));
		assertThatRefused(() -> pool(new HikariDataSource(), (pool) -> {
			pool.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
			pool.addDataSourceProperty("sslfactory", "dev.psat.spire.jdbc.SpiffeSocketFactory");
			pool.addDataSourceProperty("sslFactoryArg", "spire");
		}));
		assertThatRefused(() -> pool(new HikariDataSource(), (pool) -> {
			pool.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
			pool.addDataSourceProperty("url", SPIRE);
		}));
		assertThatRefused(() -> pool(new HikariDataSource(), (pool) -> pool.setDataSource(driver())));
		assertThatRefused(() -> pool(new org.apache.tomcat.jdbc.pool.DataSource(), (pool) -> pool.setUrl(SPIRE)));
		assertThatRefused(() -> pool(new org.apache.tomcat.jdbc.pool.DataSource(), (pool) -> {
			pool.setUrl(NOWHERE);
			pool.setConnectionProperties(FACTORY + ";sslfactoryarg=spire");
		}));
		assertThatRefused(() -> pool(new BasicDataSource(), (pool) -> pool.setUrl(SPIRE)));
	}

	@Test
	void stopsTheStartWithoutPool() {
		assertThatRefused(() -> new DriverManagerDataSource(SPIRE));
		assertThatRefused(() -> new DriverManagerDataSource(NOWHERE, properties()));
		assertThatRefused(() -> new SimpleDriverDataSource(new org.postgresql.Driver(), SPIRE));
		assertThatRefused(DataSourceCheckTests::driver);
	}

	@Test
	void stopsTheStartWithWhatIsBehindADataSource() {
		assertThatRefused(() -> new DelegatingDataSource(driver()));
		assertThatRefused(() -> {
			AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

				@Override
				protected Object determineCurrentLookupKey() {
					return "one";
				}

			};
			routing.setTargetDataSources(Map.of("one", new DelegatingDataSource(driver())));
			return routing;
		});
		assertThatRefused(() -> {
			AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

				@Override
				protected @Nullable Object determineCurrentLookupKey() {
					return null;
				}

			};
			routing.setTargetDataSources(Map.of());
			routing.setDefaultTargetDataSource(driver());
			return routing;
		});
		assertThatRefused(() -> {
			LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy();
			lazy.setTargetDataSource(driver());
			lazy.setDefaultAutoCommit(true);
			lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
			return lazy;
		});
	}

	@Test
	void stopsTheStartWithDataSourceForDistributedTransactions() {
		PGXADataSource distributed = new PGXADataSource();
		distributed.setSslfactory("dev.psat.spire.jdbc.SpiffeSocketFactory");
		distributed.setSslFactoryArg("spire");
		this.runner.withBean("store", XADataSource.class, () -> distributed)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining(NOT_SET));
		assertThatRefused(() -> new Distributed(distributed));
	}

	@Test
	void urlThatThePoolIgnoresDoesNotMakeItsSettersSafe() {
		assertThatRefused(() -> pool(new HikariDataSource(), (pool) -> {
			pool.setJdbcUrl(NOWHERE + "&sslmode=verify-ca");
			pool.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
			pool.setDataSourceProperties(properties());
		}));
	}

	/**
	 * The driver ignores them.
	 */
	@Test
	void stopsTheStartWithPropertiesThatAreNoStrings() {
		assertThatRefused(() -> {
			Properties properties = properties();
			properties.put("ssl", true);
			return new DriverManagerDataSource(NOWHERE, properties);
		});
	}

	/**
	 * HikariCP makes them strings.
	 */
	@Test
	void readsPropertiesOfHikariThatAreNoStrings() {
		this.runner.withBean(DataSource.class, () -> pool(new HikariDataSource(), (pool) -> {
			pool.setJdbcUrl(NOWHERE);
			pool.setDataSourceProperties(properties());
			pool.addDataSourceProperty("ssl", true);
		})).run((context) -> assertThat(context).hasNotFailed());
		assertThatRefused(() -> pool(new HikariDataSource(), (pool) -> {
			pool.setJdbcUrl(NOWHERE);
			pool.setDataSourceProperties(properties());
			pool.addDataSourceProperty("ssl", false);
		}));
	}

	@Test
	void stopsTheStartWithWhatPostProcessorsNeverSee() {
		this.runner.withInitializer((context) -> context.getBeanFactory().registerSingleton("store", driver()))
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining(NOT_SET));
		this.runner.withUserConfiguration(EarlyDataSource.class)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining(NOT_SET));
	}

	@Test
	void stopsTheStartWithDataSourceOfFactoryBean() {
		this.runner.withBean("made", Made.class)
			.withBean(User.class)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining(NOT_SET));
	}

	@Test
	void acceptsSettersOfTheDriverThatAreSafe() {
		this.runner.withBean(DataSource.class, () -> pool(new HikariDataSource(), (pool) -> {
			pool.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
			pool.addDataSourceProperty("sslfactory", "dev.psat.spire.jdbc.SpiffeSocketFactory");
			pool.addDataSourceProperty("sslFactoryArg", "spire");
			pool.addDataSourceProperty("sslMode", "verify-ca");
			pool.addDataSourceProperty("portNumber", "1");
		})).run((context) -> {
			assertThat(context).hasNotFailed();
			// nothing was added that has no setter
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> context.getBean(DataSource.class).getConnection())
				.withStackTraceContaining("Connection to localhost:1 refused");
		});
	}

	@Test
	void poolKnowsItsContext() {
		this.boot.withPropertyValues("spring.datasource.url=" + SPIRE + "&sslmode=verify-ca").run((context) -> {
			String key = context.getBean(HikariDataSource.class)
				.getDataSourceProperties()
				.getProperty(LiveBundles.CONTEXT);
			assertThat(key).isEqualTo(context.getBean(LiveBundles.class).key());
			assertThat(LiveBundles.find("spire", key)).isInstanceOf(SpiffeSslBundle.class);
			context.getSourceApplicationContext(ConfigurableApplicationContext.class).close();
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> LiveBundles.find("spire", key));
		});
	}

	@Test
	void leavesPoolsOfOthersAlone() {
		this.boot.withPropertyValues("spring.datasource.url=" + NOWHERE)
			.run((context) -> assertThat(context.getBean(HikariDataSource.class).getDataSourceProperties()).isEmpty());
	}

	@Test
	void failedStartLeavesNothingBehind() {
		this.boot
			.withPropertyValues("spring.datasource.url=" + SPIRE + "&sslmode=verify-ca", "spring.flyway.url=" + SPIRE,
					"spring.application.name=failing")
			.withConfiguration(AutoConfigurations.of(FlywayAutoConfiguration.class))
			.run((context) -> assertThat(context).hasFailed());
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> LiveBundles.find("no-such-bundle", null))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("failing"));
	}

	/**
	 * A pool that is handed its configuration connects in its constructor.
	 */
	@Test
	void poolThatConnectsWhileItIsConstructedDoesNotStart() {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(SPIRE);
		config.setInitializationFailTimeout(-1);
		assertThatRefused(() -> new HikariDataSource(config));
	}

	@Test
	void checksBeforeOthersPutAProxyInItsPlace() {
		this.runner.withBean(DataSource.class, DataSourceCheckTests::driver)
			.withBean("wrapper", BeanPostProcessor.class, Wrapper::new)
			.run((context) -> assertThat(failure(context.getStartupFailure())).hasMessageContaining(NOT_SET));
	}

	@Test
	void stopsTheStartWithWhatIsKnownByItsProxyAlone() {
		for (boolean ofClass : new boolean[] { false, true }) {
			assertThatRefused(() -> proxy(ofClass));
			assertThatRefused(() -> new DelegatingDataSource(proxy(ofClass)));
		}
	}

	private static DataSource proxy(boolean ofClass) {
		ProxyFactory proxy = new ProxyFactory(pool(new HikariDataSource(), (pool) -> pool.setJdbcUrl(SPIRE)));
		proxy.setProxyTargetClass(ofClass);
		return (DataSource) proxy.getProxy();
	}

	@Test
	void createsNoTargetOfAProxy() {
		ProxyFactory lazy = new ProxyFactory(DataSource.class, new AbstractLazyCreationTargetSource() {

			@Override
			protected Object createObject() {
				throw new IllegalStateException("It is too early");
			}

			@Override
			public Class<?> getTargetClass() {
				return DataSource.class;
			}

		});
		this.runner.withBean("store", DataSource.class, () -> (DataSource) lazy.getProxy())
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void startsNoContainerToLearnItsUrl() {
		this.runner.withBean(ContainerConnection.class, () -> new ContainerConnection() {
		}).run((context) -> assertThat(context.getBean(ContainerConnection.class).isStarted()).isFalse());
	}

	@Test
	void backsOffWithoutTheDriver() {
		this.runner.withClassLoader(new FilteredClassLoader("org.postgresql"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(DataSourceCheck.class)
				.doesNotHaveBean(LiveBundles.class));
	}

	@Test
	void bundlesOfTheApplicationMayComeFromADatabase() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, JdbcBundleAutoConfiguration.class))
			.withUserConfiguration(StoredBundles.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private void assertThatRefused(Supplier<DataSource> dataSource) {
		this.runner.withBean("store", DataSource.class, dataSource::get)
			.run((context) -> assertThat(failure(context.getStartupFailure()))
				.hasMessage("The bean 'store' names the SpiffeSocketFactory, but its connections would not be safe: "
						+ NOT_SET));
	}

	private static <T> T pool(T pool, Consumer<T> configuration) {
		configuration.accept(pool);
		return pool;
	}

	private static DataSource driver() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setServerNames(new String[] { "127.0.0.1" });
		dataSource.setPortNumbers(new int[] { 1 });
		dataSource.setSslfactory("dev.psat.spire.jdbc.SpiffeSocketFactory");
		dataSource.setSslFactoryArg("spire");
		return dataSource;
	}

	private static Properties properties() {
		Properties properties = new Properties();
		properties.setProperty("sslfactory", "dev.psat.spire.jdbc.SpiffeSocketFactory");
		properties.setProperty("sslfactoryarg", "spire");
		return properties;
	}

	@Configuration(proxyBeanMethods = false)
	static class LazyDataSource {

		@Bean
		@Lazy
		DataSource dataSource() {
			return driver();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyDataSource {

		@Bean
		DataSource dataSource() {
			return driver();
		}

		@Bean
		static BeanFactoryPostProcessor early() {
			return (beanFactory) -> beanFactory.getBean(DataSource.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class StoredBundles {

		@Bean
		DataSource dataSource() {
			return new DriverManagerDataSource(NOWHERE);
		}

		@Bean
		SslBundleRegistrar bundles(DataSource dataSource) {
			return (registry) -> registry.registerBundle("stored", SslBundle.of(SslStoreBundle.NONE));
		}

	}

	record User(DataSource dataSource) {

	}

	/**
	 * Pools one for distributed transactions, as transaction managers do.
	 */
	static final class Distributed extends AbstractDataSource {

		private final XADataSource xaDataSource;

		Distributed(XADataSource xaDataSource) {
			this.xaDataSource = xaDataSource;
		}

		@SuppressWarnings("unused")
		public XADataSource getXaDataSource() {
			return this.xaDataSource;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return this.xaDataSource.getXAConnection().getConnection();
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return this.xaDataSource.getXAConnection(username, password).getConnection();
		}

	}

	static final class Made implements FactoryBean<DataSource> {

		@Override
		public DataSource getObject() {
			return driver();
		}

		@Override
		public Class<?> getObjectType() {
			return DataSource.class;
		}

	}

	/**
	 * Puts something in the place of each {@code DataSource} that does not tell what is
	 * behind it.
	 */
	private static final class Wrapper implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof DataSource) ? Proxy.newProxyInstance(DataSource.class.getClassLoader(),
					new Class<?>[] { DataSource.class }, (proxy, method, arguments) -> method.invoke(bean, arguments))
					: bean;
		}

	}

}
