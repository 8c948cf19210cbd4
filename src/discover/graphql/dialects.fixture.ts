/** Parts of schemas as common servers make them. */
export const dialects = {
  hasura: `
type orders { id: Int! product: String! user_id: Int! user: users! items: [order_items!]! }
type users { id: Int! name: String! email: String }
type order_items { id: Int! sku: String! }
type orders_aggregate { aggregate: agg nodes: [orders!]! }
type agg { count: Int! }
type orders_mutation_response { affected_rows: Int! returning: [orders!]! }
input orders_insert_input { product: String user_id: Int }
input orders_set_input { product: String user_id: Int }
input orders_pk_columns_input { id: Int! }
input orders_bool_exp { id: Int_cmp product: String_cmp }
input Int_cmp { _eq: Int } input String_cmp { _eq: String }
type Query { orders(where: orders_bool_exp, limit: Int, offset: Int): [orders!]! orders_by_pk(id: Int!): orders orders_aggregate(where: orders_bool_exp): orders_aggregate! }
type Mutation { insert_orders(objects: [orders_insert_input!]!): orders_mutation_response insert_orders_one(object: orders_insert_input!): orders
 update_orders_by_pk(pk_columns: orders_pk_columns_input!, _set: orders_set_input): orders delete_orders_by_pk(id: Int!): orders delete_orders(where: orders_bool_exp!): orders_mutation_response }`,
  postgraphile: `
type Order implements Node { nodeId: ID! id: Int! product: String! }
interface Node { nodeId: ID! }
type OrdersConnection { nodes: [Order]! edges: [OrdersEdge!]! totalCount: Int! } type OrdersEdge { cursor: String node: Order }
input CreateOrderInput { clientMutationId: String order: OrderInput! } input OrderInput { id: Int product: String! }
type CreateOrderPayload { clientMutationId: String order: Order query: Query orderEdge: OrdersEdge }
input UpdateOrderByIdInput { clientMutationId: String orderPatch: OrderPatch! id: Int! } input OrderPatch { product: String }
type UpdateOrderPayload { clientMutationId: String order: Order query: Query }
input DeleteOrderByIdInput { clientMutationId: String id: Int! } type DeleteOrderPayload { order: Order deletedOrderId: ID }
type Query { query: Query! nodeId: ID! node(nodeId: ID!): Node allOrders(first: Int, after: String): OrdersConnection orderById(id: Int!): Order order(nodeId: ID!): Order }
type Mutation { createOrder(input: CreateOrderInput!): CreateOrderPayload updateOrderById(input: UpdateOrderByIdInput!): UpdateOrderPayload deleteOrderById(input: DeleteOrderByIdInput!): DeleteOrderPayload }`,
  prisma: `
type Order { id: String! product: String! user: User } type User { id: String! email: String! orders: [Order!]! }
input OrderWhereUniqueInput { id: String number: Int } input OrderCreateInput { product: String! user: UserCreateNested } input UserCreateNested { connect: UserWhereUniqueInput } input UserWhereUniqueInput { id: String email: String }
input OrderUpdateInput { product: StringFieldUpdate } input StringFieldUpdate { set: String }
type Query { findUniqueOrder(where: OrderWhereUniqueInput!): Order findManyOrder(take: Int): [Order!]! order(where: OrderWhereUniqueInput!): Order }
type Mutation { createOneOrder(data: OrderCreateInput!): Order! updateOneOrder(data: OrderUpdateInput!, where: OrderWhereUniqueInput!): Order deleteOneOrder(where: OrderWhereUniqueInput!): Order }`,
  strapi: `
type OrderEntityResponse { data: OrderEntity } type OrderEntity { id: ID attributes: OrderAttributes } type OrderAttributes { product: String! note: String }
type OrderEntityResponseCollection { data: [OrderEntity!]! }
input OrderInput { product: String note: String }
input UsersPermissionsRegisterInput { username: String! email: String! password: String! } input UsersPermissionsLoginInput { identifier: String! password: String! provider: String! = "local" }
type UsersPermissionsLoginPayload { jwt: String user: UsersPermissionsMe! } type UsersPermissionsMe { id: ID! username: String! email: String }
type Query { order(id: ID): OrderEntityResponse orders(sort: [String]): OrderEntityResponseCollection me: UsersPermissionsMe }
type Mutation { createOrder(data: OrderInput!): OrderEntityResponse updateOrder(id: ID!, data: OrderInput!): OrderEntityResponse deleteOrder(id: ID!): OrderEntityResponse register(input: UsersPermissionsRegisterInput!): UsersPermissionsLoginPayload! login(input: UsersPermissionsLoginInput!): UsersPermissionsLoginPayload! }`,
  graphene: `
type OrderType { id: ID! product: String! owner: UserType! } type UserType { id: ID! username: String! email: String! }
type CreateOrder { order: OrderType ok: Boolean } type UpdateOrder { order: OrderType } type DeleteOrder { ok: Boolean } type ObtainJSONWebToken { token: String! payload: GenericScalar! refreshExpiresIn: Int! } scalar GenericScalar type CreateUser { user: UserType }
type Query { allOrders: [OrderType] orderById(id: String!): OrderType viewer: UserType }
type Mutation { tokenAuth(username: String!, password: String!): ObtainJSONWebToken createUser(username: String!, password: String!, email: String!): CreateUser createOrder(product: String!): CreateOrder updateOrder(orderId: ID!, product: String): UpdateOrder deleteOrder(orderId: ID!): DeleteOrder }`,
  saleor: `
type Order { id: ID! number: String! } type Account { id: ID! email: String! } type AccountError { field: String message: String code: String! }
type OrderUpdate { order: Order errors: [AccountError!]! } type CreateToken { token: String refreshToken: String user: Account errors: [AccountError!]! } type AccountRegister { user: Account errors: [AccountError!]! requiresConfirmation: Boolean }
input AccountRegisterInput { email: String! password: String! firstName: String redirectUrl: String } input OrderUpdateInput { userEmail: String }
type Query { me: Account order(id: ID!): Order orders(first: Int): [Order!]! }
type Mutation { tokenCreate(email: String!, password: String!): CreateToken accountRegister(input: AccountRegisterInput!): AccountRegister orderUpdate(id: ID!, input: OrderUpdateInput!): OrderUpdate orderCancel(id: ID!): OrderUpdate passwordChange(oldPassword: String, newPassword: String!): AccountRegister accountDelete(token: String!): AccountRegister }`,
} as const;
