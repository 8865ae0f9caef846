package dev.psat.spire.ssl;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.psat.spiffe.SvidMint;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Svid;
import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.internal.ManualTime;
import dev.psat.spire.internal.TestSvid;
import dev.psat.spire.server.SpireServerIdentity;
import dev.psat.spire.tls.TlsIdentity;
import dev.psat.spire.tls.TlsSnapshot;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.TargetSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.AbstractBeanFactoryBasedTargetSource;
import org.springframework.aop.target.HotSwappableTargetSource;
import org.springframework.aop.target.PrototypeTargetSource;
import org.springframework.aop.target.SimpleBeanTargetSource;
import org.springframework.aop.target.ThreadLocalTargetSource;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link BundleIdentity}.
 */
class BundleIdentityTests {

	private final AtomicReference<@Nullable SpireIdentity> current = new AtomicReference<>();

	private final BundleIdentity identity = new BundleIdentity(this.current::get);

	@Test
	void identityMayComeLater() {
		assertThat(this.identity.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(this.identity.absence()).isEqualTo("The application has not started yet");
		this.current.set(new TestIdentity());
		assertThat(this.identity.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(this.identity.absence()).isEqualTo("There is none in a test (STARTING)");
	}

	@Test
	void identityOfOursSaysWhyItHasNothingYet() {
		try (SpireIdentity ours = SpireServerIdentity.builder(() -> {
			throw new IllegalStateException("Nothing is attested");
		})
			.server(new ServerAddress("127.0.0.1", 1))
			.trustDomain(TrustDomain.of("example.org"))
			.trustBundle(Path.of("absent.pem"))
			.build()) {
			this.current.set(ours);
			assertThat(this.identity.snapshot().svid()).isNull();
			assertThat(this.identity.snapshot().trustBundle()).isNull();
			assertThat(this.identity.absence()).matches("No X.509-SVID is in force.* \\((STARTING|ATTESTING)\\)");
		}
	}

	@Test
	void identityOfAUserHasNoKeyToServe() {
		this.current.set(answering(() -> TestSvid.agent(new ManualTime().time())));
		assertThat(this.identity.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(this.identity.absence())
			.isEqualTo("The SpireIdentity bean does not implement TlsIdentity, so it has no private key to serve");
	}

	@Test
	void identityThatFailsIsToldByItsTypeAlone() {
		this.current.set(answering(() -> {
			throw new IllegalStateException("anything\r\nat all");
		}));
		assertThat(this.identity.absence()).isEqualTo("The SPIRE identity failed: java.lang.IllegalStateException");
	}

	@Test
	void identityThatCannotEvenBeFoundHasNothing() {
		BundleIdentity lost = new BundleIdentity(() -> {
			throw new IllegalStateException("on purpose");
		});
		assertThat(lost.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(lost.bundle(TrustDomain.of("example.org"))).isNull();
		assertThat(lost.absence()).isEqualTo("The SPIRE identity failed: java.lang.IllegalStateException");
		assertThatIllegalStateException().isThrownBy(() -> lost.onChange(() -> {
		})).withMessage("on purpose");
	}

	@Test
	void listenerThatCannotBeAddedIsNotForgotten() {
		assertThatIllegalStateException().isThrownBy(() -> this.identity.onChange(() -> {
		})).withMessage("No listener can be added: The application has not started yet");
		this.current.set(broken());
		assertThatIllegalStateException().isThrownBy(() -> this.identity.onChange(() -> {
		})).withMessage("on purpose");
	}

	@Test
	void targetIsTheOneOfTheMomentAndListenersStayWithTheirs() {
		KeyedIdentity first = rotated();
		KeyedIdentity second = rotated();
		HotSwappableTargetSource targets = new HotSwappableTargetSource(first);
		this.current.set(proxy(targets, SpireIdentity.class));
		AtomicInteger changes = new AtomicInteger();
		this.identity.onChange(changes::incrementAndGet);
		assertThat(this.identity.snapshot()).isSameAs(first.snapshot());
		targets.swap(second);
		assertThat(this.identity.snapshot()).isSameAs(second.snapshot());
		second.rotate();
		assertThat(changes).hasValue(0);
		first.rotate();
		assertThat(changes).hasValue(1);
	}

	/**
	 * Such as that of a scope, which keeps a target from being destroyed meanwhile.
	 */
	@Test
	void adviceOfAProxyThatOffersTheKeyIsNotPassedBy() {
		KeyedIdentity keyed = rotated();
		ProxyFactory factory = new ProxyFactory();
		factory.setInterfaces(SpireIdentity.class, TlsIdentity.class);
		factory.setTargetSource(new HotSwappableTargetSource(keyed));
		AtomicInteger advised = new AtomicInteger();
		factory.addAdvice((MethodInterceptor) (invocation) -> {
			advised.incrementAndGet();
			return invocation.proceed();
		});
		this.current.set((SpireIdentity) factory.getProxy());
		assertThat(this.identity.snapshot()).isSameAs(keyed.snapshot());
		assertThat(advised).hasValue(1);
	}

	@Test
	void targetGoesBackAfterEachQuestion() {
		KeyedIdentity keyed = rotated();
		Pool inner = new Pool(keyed);
		Pool outer = new Pool(proxy(inner, SpireIdentity.class));
		for (Pool pool : List.of(inner, outer)) {
			this.current.set(proxy(pool, SpireIdentity.class));
			assertThat(this.identity.snapshot()).isSameAs(keyed.snapshot());
			assertThat(this.identity.bundle(SvidMint.TRUST_DOMAIN)).isSameAs(keyed.snapshot().trustBundle());
			assertThat(this.identity.absence()).isEqualTo(keyed.absence());
			this.identity.onChange(() -> {
			});
			assertThat(List.of(inner, outer)).noneMatch(Pool::isDrained);
		}
	}

	@Test
	void targetThatFailsGoesBackToo() {
		Pool pool = new Pool(broken());
		this.current.set(proxy(pool, SpireIdentity.class));
		assertThat(this.identity.snapshot()).isSameAs(TlsSnapshot.EMPTY);
		assertThat(pool.isDrained()).isFalse();
	}

	@Test
	void targetWithoutAKeyIsBackBeforeItIsAskedAgain() {
		this.current
			.set(proxy(new Pool(answering(() -> TestSvid.agent(new ManualTime().time()))), SpireIdentity.class));
		assertThat(this.identity.absence()).contains("does not implement TlsIdentity");
	}

	@ParameterizedTest
	@ValueSource(classes = { PrototypeTargetSource.class, SimpleBeanTargetSource.class, ThreadLocalTargetSource.class })
	void identityThatIsAnotherOneEachTimeIsNeitherCreatedNorServed(
			Class<? extends AbstractBeanFactoryBasedTargetSource> type) {
		AtomicInteger created = new AtomicInteger();
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerBeanDefinition("target",
				new RootBeanDefinition(KeyedIdentity.class, RootBeanDefinition.SCOPE_PROTOTYPE, () -> {
					created.incrementAndGet();
					return rotated();
				}));
		AbstractBeanFactoryBasedTargetSource targets = BeanUtils.instantiateClass(type);
		targets.setTargetBeanName("target");
		targets.setBeanFactory(beans);
		SpireIdentity prototype = proxy(targets, SpireIdentity.class);
		for (SpireIdentity each : List.of(prototype, proxy(new Pool(prototype), SpireIdentity.class),
				proxy(targets, SpireIdentity.class, TlsIdentity.class))) {
			this.current.set(each);
			assertThat(this.identity.snapshot()).isSameAs(TlsSnapshot.EMPTY);
			assertThat(this.identity.bundle(SvidMint.TRUST_DOMAIN)).isNull();
			assertThat(this.identity.absence()).isEqualTo("The SpireIdentity bean is a prototype or comes from a pool, "
					+ "so each connection would get another identity: declare it as a singleton, or in a scope that keeps it");
			assertThatIllegalStateException().isThrownBy(() -> this.identity.onChange(() -> {
			}));
		}
		assertThat(created).hasValue(0);
	}

	private static KeyedIdentity rotated() {
		KeyedIdentity keyed = new KeyedIdentity();
		keyed.rotate();
		return keyed;
	}

	private static SpireIdentity proxy(TargetSource targets, Class<?>... interfaces) {
		ProxyFactory factory = new ProxyFactory(interfaces);
		factory.setTargetSource(targets);
		return (SpireIdentity) factory.getProxy();
	}

	private static SpireIdentity broken() {
		return (SpireIdentity) Proxy.newProxyInstance(SpireIdentity.class.getClassLoader(),
				new Class<?>[] { SpireIdentity.class, TlsIdentity.class }, (proxy, method, arguments) -> {
					throw new IllegalStateException("on purpose");
				});
	}

	private static SpireIdentity answering(Answer answer) {
		return (SpireIdentity) Proxy.newProxyInstance(SpireIdentity.class.getClassLoader(),
				new Class<?>[] { SpireIdentity.class }, (proxy, method, arguments) -> answer.svid());
	}

	private interface Answer {

		X509Svid svid();

	}

	/**
	 * A pool of one, which throws where others wait.
	 */
	private static final class Pool implements TargetSource {

		private final Object target;

		private boolean drained;

		Pool(Object target) {
			this.target = target;
		}

		@Override
		public Class<?> getTargetClass() {
			return SpireIdentity.class;
		}

		@Override
		public Object getTarget() {
			if (this.drained) {
				throw new IllegalStateException("The pool is drained");
			}
			this.drained = true;
			return this.target;
		}

		@Override
		public void releaseTarget(Object target) {
			this.drained = false;
		}

		boolean isDrained() {
			return this.drained;
		}

	}

}
