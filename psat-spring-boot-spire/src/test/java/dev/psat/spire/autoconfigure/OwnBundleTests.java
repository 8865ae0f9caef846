package dev.psat.spire.autoconfigure;

import dev.psat.spire.KeyedIdentity;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.tls.internal.PeerPolicies;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.SingletonTargetSource;
import org.springframework.boot.ssl.SslOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OwnBundle}.
 */
class OwnBundleTests {

	private final OwnBundle own = new OwnBundle("spire", PeerPolicies.of((peer) -> true), SslOptions.NONE);

	private final KeyedIdentity identity = new KeyedIdentity();

	@Test
	void thereIsNoIdentityUntilOneIsPresented() {
		this.identity.rotate();
		assertThat(this.own.bundle().isEmpty()).isTrue();
		this.own.present(this.identity);
		assertThat(this.own.bundle().isEmpty()).isFalse();
	}

	@Test
	void identityOfAChildContextDoesNotReplaceThatOfItsParent() {
		this.own.present(this.identity);
		KeyedIdentity childs = new KeyedIdentity();
		childs.rotate();
		this.own.present(childs);
		assertThat(this.own.bundle().isEmpty()).isTrue();
	}

	@Test
	void identityBehindAProxyIsTheOneThatHasTheKey() {
		this.identity.rotate();
		this.own.present(ProxyFactory.getProxy(SpireIdentity.class, new SingletonTargetSource(this.identity)));
		assertThat(this.own.bundle().isEmpty()).isFalse();
	}

}
