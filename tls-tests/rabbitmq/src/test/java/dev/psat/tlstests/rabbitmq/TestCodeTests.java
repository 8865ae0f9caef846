package dev.psat.tlstests.rabbitmq;

import dev.psat.support.TestCodeContract;

class TestCodeTests extends TestCodeContract {

}
