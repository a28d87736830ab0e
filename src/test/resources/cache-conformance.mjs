// Runs the suite of https://cache-tests.fyi against a cache, with an origin of its own behind it.
//
// Prints the port of the origin, reads the address of the cache from stdin, and prints one JSON object: what became of
// each test by its id, with its kind, why it failed, and what becomes of it with the plain cache by the results that the
// suite publishes. Ends with stdin.
import fs from 'node:fs'
import http from 'node:http'
import readline from 'node:readline'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// Beside the packages, which are not beside this file.
const suite = new URL('http-cache-tests/', pathToFileURL(process.argv[2] + '/'))
const load = async name => import(new URL(name, suite))
const AT_ONCE = 50

const { default: config } = await load('server/handle-config.mjs')
const { default: test } = await load('server/handle-test.mjs')
const { default: state } = await load('server/handle-state.mjs')
const { runTests, getResults } = await load('client/runner.mjs')
const { default: tests } = await load('tests/index.mjs')
const fetch = createRequire(suite)('node-fetch')

const handlers = { config, test, state }
const origin = http.createServer((request, response) => {
  const [, name, ...rest] = new URL(request.url, 'http://origin').pathname.split('/')
  const handler = handlers[name]
  if (handler) {
    handler(rest, request, response)
  } else {
    // A cache that asks for the health of its origin.
    response.end()
  }
})
await new Promise(resolve => origin.listen(0, '127.0.0.1', resolve))
// What the suite prints is no part of the answer.
const print = console.log
console.log = console.error
print(origin.address().port)

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const cache = (await lines.next()).value
await runTests(tests, fetch, false, cache, AT_ONCE)

const all = new Map(tests.flatMap(group => group.tests).map(one => [one.id, one]))
const plain = JSON.parse(fs.readFileSync(new URL(`results/${process.argv[3]}.json`, suite)))

// Counted as the suite's own pages do.
function outcome (id, results) {
  const result = results[id]
  if (result === undefined) {
    return 'untested'
  }
  const needs = all.get(id).depends_on ?? []
  if (needs.some(other => !['pass', 'untested'].includes(outcome(other, results)))) {
    return 'dependency'
  }
  return result === true ? 'pass' : result[0] === 'Setup' ? 'setup' : 'fail'
}

const results = getResults()
print(JSON.stringify(Object.fromEntries([...all.values()].map(one => [one.id, {
  kind: one.kind ?? 'required',
  outcome: outcome(one.id, results),
  plain: outcome(one.id, plain),
  reason: Array.isArray(results[one.id]) ? results[one.id][1] : undefined
}]))))
process.exit(0)
