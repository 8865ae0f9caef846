package dev.psat.spire.autoconfigure;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.TestIdentity;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.SingletonTargetSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LateIdentity}.
 */
class LateIdentityTests {

	@Test
	void thereIsNoneUntilItIsMade() {
		LateIdentity late = new LateIdentity();
		assertThat(late.identity()).isNull();
		TestIdentity identity = new TestIdentity();
		late.made(identity);
		assertThat(late.identity()).isSameAs(identity);
	}

	@Test
	void identityOfAChildContextDoesNotReplaceThatOfItsParent() {
		LateIdentity late = new LateIdentity();
		TestIdentity parents = new TestIdentity();
		late.made(parents);
		late.made(new TestIdentity());
		assertThat(late.identity()).isSameAs(parents);
	}

	@Test
	void identityBehindAProxyIsTheOneThatHasTheKey() {
		LateIdentity late = new LateIdentity();
		TestIdentity identity = new TestIdentity();
		late.made(ProxyFactory.getProxy(SpireIdentity.class, new SingletonTargetSource(identity)));
		assertThat(late.identity()).isSameAs(identity);
	}

}
