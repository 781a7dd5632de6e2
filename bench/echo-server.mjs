// The least that a UDP server in Node can do: the yardstick for the price of one answer.
import { createSocket } from 'node:dgram'

const socket = createSocket('udp4')
socket.on('message', (m, r) => {
  m[2] |= 0x80
  socket.send(m, r.port, r.address)
})
socket.bind(0, '127.0.0.1', () => console.log(socket.address().port))
